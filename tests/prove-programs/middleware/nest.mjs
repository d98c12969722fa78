// Requests to routes of Nest behind an interceptor of the program: one that answers, and one that fails.
import "reflect-metadata";
import { Controller, Get, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { program, tell, within } from "./spans.mjs";

const [file, name] = process.argv.slice(2);
const { [name]: Interceptor } = await program(file);

class Routes {
  good() {
    return ["served"];
  }
  bad() {
    throw new Error("out of order");
  }
}
const routed = (path) =>
  Get(path)(Routes.prototype, path, Object.getOwnPropertyDescriptor(Routes.prototype, path));
routed("good");
routed("bad");
Controller()(Routes);
class App {}
Module({ controllers: [Routes] })(App);

const app = await NestFactory.create(App, { logger: false });
app.useGlobalInterceptors(new Interceptor());
await app.listen(0, "127.0.0.1");
const ask = (path) =>
  within(fetch(`http://127.0.0.1:${app.getHttpServer().address().port}/${path}`).then((r) => r.status));
await tell({ good: await ask("good"), bad: await ask("bad") });
