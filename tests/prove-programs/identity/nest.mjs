// A guard of Nest reads what a decorator says of the handler.
import "reflect-metadata";
import { Controller, Get, Module, SetMetadata, UseGuards } from "@nestjs/common";
import { NestFactory, Reflector } from "@nestjs/core";
import { RouterExecutionContext } from "@nestjs/core/router/router-execution-context.js";
import { load, tell } from "./tell.mjs";

const { patchCreate } = await load("src/instrumentation.ts");
patchCreate(RouterExecutionContext.prototype);

class Guard {
  canActivate(context) {
    return new Reflector().get("role", context.getHandler()) !== "admin";
  }
}
class Orders {
  list() {
    return "orders";
  }
  remove() {
    return "removed";
  }
}
const method = (name, ...decorators) => {
  const descriptor = Object.getOwnPropertyDescriptor(Orders.prototype, name);
  for (const decorate of decorators) decorate(Orders.prototype, name, descriptor);
};
method("list", Get("orders"));
method("remove", Get("remove"), SetMetadata("role", "admin"));
UseGuards(Guard)(Orders);
Controller()(Orders);
class App {}
Module({ controllers: [Orders] })(App);

const app = await NestFactory.create(App, { logger: false });
await app.listen(0, "127.0.0.1");
const url = await app.getUrl();
const statusOf = async (path) => (await fetch(`${url}/${path}`)).status;
tell({ list: await statusOf("orders"), remove: await statusOf("remove") });
await app.close();
