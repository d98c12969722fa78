import { describe, expect, it } from "vitest";
import { callsOriginal, type Link, linksOf } from "../src/chain/links.js";
import { callsIn } from "../src/chain/originals.js";
import { Project } from "../src/program/project.js";
import { type Files, project as indexed } from "./support/program-index-tree.js";

function linksIn(files: Files, file = "main.ts"): Link[] {
  const index = indexed({ "package.json": { name: "links", main: file }, ...files });
  const project = new Project(index, []);
  const module = project.module(file);
  expect(module).toBeDefined();
  return module ? linksOf(module, project) : [];
}

/** Position, name and text of the object of each link, with the texts of the calls that reach its original. */
function told(text: string, by?: Link["by"], more: Files = {}): string[] {
  const files: Files = { "main.ts": text, ...more };
  const textOf = ({ fn }: Link): string => String(files[fn.module.file]);
  return linksIn(files)
    .filter((link) => by === undefined || link.by === by)
    .map((link) => {
      const calls = callsIn(link.fn)
        .filter((call) => callsOriginal(call, link.isOriginal))
        .map((call) => textOf(link).slice(...call.at));
      const of = link.of ? text.slice(...link.of.at) : "";
      return `${link.by} ${of}.${link.name ?? "?"}: ${calls.join(" | ")}`;
    });
}

const forward = "function (...args) { return original.apply(this, args); }";

describe("a wrapper that is handed over", () => {
  it("is what the maker of shimmer.wrap returns", () => {
    expect(told(`shimmer.wrap(http, "get", (original) => ${forward});`, "wrap")).toEqual([
      "wrap http.get: original.apply(this, args)",
    ]);
  });

  it("may be made by a method that returns the maker", () => {
    const text = `class Plugin extends Base {
      init(client) { this._wrap(client.prototype, "query", this.patch()); }
      patch() { return (original) => ${forward}; }
    }`;
    expect(told(text, "wrap")).toEqual(["wrap client.prototype.query: original.apply(this, args)"]);
  });

  it("may be made by a bound method of the program", () => {
    const text = `class Plugin {
      init(client) { shimmer.wrap(client, "query", this.patch.bind(this)); }
      patch(original) { return ${forward}; }
    }`;
    expect(told(text, "wrap")).toEqual(["wrap client.query: original.apply(this, args)"]);
  });

  it("may be made by a function of another file", () => {
    const text = 'import { traced } from "./traced.js";\nshimmer.wrap(client, "query", traced("query"));';
    const more = { "traced.js": `export const traced = (name) => (original) => ${forward};` };
    expect(told(text, "wrap", more)).toEqual(["wrap client.query: original.apply(this, args)"]);
  });

  it("may be a local function that the maker names", () => {
    const text = `function patch(original) {
      function patched(...args) { return original(...args); }
      return patched;
    }
    fill(window, "fetch", patch);`;
    expect(told(text, "wrap")).toEqual(["wrap window.fetch: original(...args)"]);
  });

  it("may come from a function that the original is handed on to", () => {
    const text = `shimmer.wrap(client, "query", (original) => traced("query", original));
    function traced(name, inner) { return function () { return inner.apply(this, arguments); }; }`;
    expect(told(text, "wrap")).toEqual(["wrap client.query: inner.apply(this, arguments)"]);
  });

  it("may stand behind a choice", () => {
    const text = `shimmer.wrap(client, "query", (original) => old ? ${forward} : original);`;
    expect(told(text, "wrap")).toEqual(["wrap client.query: original.apply(this, args)"]);
  });

  it("is given the original after the shim", () => {
    const text = `shim.wrap(client, "query", function (shim, original) { return ${forward}; });`;
    expect(told(text, "wrap")).toEqual(["wrap client.query: original.apply(this, args)"]);
  });

  it("has no name when several members are wrapped", () => {
    const text = `shimmer.massWrap([http], ["get", "request"], (original) => ${forward});
    shimmer.massWrap([http], ["get"], (original) => ${forward});`;
    expect(told(text, "wrap").map((link) => link.split(":")[0])).toEqual([
      "wrap [http].?",
      "wrap [http].get",
    ]);
  });

  it("may stand over a function alone", () => {
    const text = `const bound = shimmer.wrapFunction(callback, (original) => ${forward});`;
    expect(told(text, "wrap")).toEqual(["wrap callback.?: original.apply(this, args)"]);
  });

  it("is none in a call that only looks like it", () => {
    expect(told('list.fill(0, 1, (value) => value + 1); text.replace(a, "b");', "wrap")).toEqual([]);
  });
});

describe("a member that is kept and replaced", () => {
  it("is known by the constant that keeps it", () => {
    expect(told(`const original = http.get;\nhttp.get = ${forward};`, "saved")).toEqual([
      "saved http.get: original.apply(this, args)",
    ]);
  });

  it("may be bound, cast, taken apart, or have a substitute", () => {
    const text = `const write = process.stdout.write.bind(process.stdout);
    process.stdout.write = ((chunk) => write(chunk)) as typeof process.stdout.write;
    const { send } = socket;
    socket.send = function (data) { return send.call(this, data); };
    const emit = bus.emit || (() => false);
    bus.emit = (...args) => emit(...args);`;
    expect(told(text, "saved")).toEqual([
      "saved process.stdout.write: write(chunk)",
      "saved socket.send: send.call(this, data)",
      "saved bus.emit: emit(...args)",
    ]);
  });

  it("is the same under every name of the global object", () => {
    const text = "const original = fetch;\nglobalThis.fetch = (...args) => original(...args);";
    expect(told(text, "saved")).toEqual(["saved globalThis.fetch: original(...args)"]);
    const window = "const original = window.fetch;\nself.fetch = (...args) => original(...args);";
    expect(told(window, "saved")).toEqual(["saved self.fetch: original(...args)"]);
  });

  it("may have a computed name, which has to be the same", () => {
    const text = `for (const level of levels) {
      const original = console[level];
      console[level] = (...args) => original.apply(console, args);
    }
    const first = table[one];
    table[two] = () => first();`;
    expect(told(text, "saved")).toEqual(["saved console.?: original.apply(console, args)"]);
  });

  it("may be kept in a member", () => {
    const text = `Client.prototype.__query = Client.prototype.query;
    Client.prototype.query = function (...args) { return this.__query(...args); };`;
    expect(told(text, "saved")).toEqual(["saved Client.prototype.query: this.__query(...args)"]);
  });

  it("may be defined", () => {
    const text = `const original = http.get;
    Object.defineProperty(http, "get", { value: ${forward} });`;
    expect(told(text, "saved")).toEqual(["saved http.get: original.apply(this, args)"]);
  });

  it("is none when another one was kept", () => {
    expect(told(`const original = https.get;\nhttp.get = ${forward};`, "saved")).toEqual([]);
    const shadowed = `const original = a.get;\nfunction set(a) { a.get = ${forward}; }`;
    expect(told(shadowed, "saved")).toEqual([]);
  });
});

describe("a trap of a proxy", () => {
  it("reaches the target by its parameter and by its name", () => {
    const text = `new Proxy(fetch, {
      apply(target, self, args) { return Reflect.apply(target, self, args); },
      construct(target, args) { return new fetch(...args); },
      get(target, key) { return target[key]; },
      has() { return true; },
    });`;
    expect(told(text, "trap")).toEqual([
      "trap fetch.apply: Reflect.apply(target, self, args)",
      "trap fetch.construct: new fetch(...args)",
      "trap fetch.get: ",
    ]);
  });

  it("may stand in a constant, or be revocable", () => {
    const text = `const handler = { apply: (target, self, args) => target.apply(self, args) };
    const { proxy } = Proxy.revocable(send, handler);`;
    expect(told(text, "trap")).toEqual(["trap send.apply: target.apply(self, args)"]);
  });

  it("is none of a class of the program with that name", () => {
    const text = "class Proxy {}\nnew Proxy(send, { apply: (target) => target() });";
    expect(told(text, "trap")).toEqual([]);
  });
});

describe("an override", () => {
  it("calls the method of the same name", () => {
    const text = `class Traced extends Client {
      query(...args) { return span(() => super.query(...args)); }
      close() { super.query("bye"); }
    }`;
    expect(told(text, "override")).toEqual(["override .query: super.query(...args)"]);
  });
});

describe("a decorator", () => {
  it("may replace the value of a descriptor", () => {
    const text = `export function traced(target, key, descriptor) {
      const original = descriptor.value;
      descriptor.value = ${forward};
      return descriptor;
    }`;
    expect(told(text, "descriptor")).toEqual(["descriptor descriptor.value: original.apply(this, args)"]);
  });

  it("may replace what is read from an object", () => {
    const text = `const descriptor = Object.getOwnPropertyDescriptor(proto, "query");
    const original = descriptor.value;
    descriptor.value = ${forward};`;
    expect(told(text, "descriptor")).toEqual(["descriptor descriptor.value: original.apply(this, args)"]);
  });

  it("may return the replacement, told by its context", () => {
    const text = `export function traced(original: Method, context: ClassMethodDecoratorContext) {
      return ${forward};
    }
    export function bound(original, context) {
      context.addInitializer(function () { this.bound = true; });
      return ${forward};
    }`;
    expect(told(text, "descriptor")).toEqual([
      "descriptor .?: original.apply(this, args)",
      "descriptor .?: original.apply(this, args)",
    ]);
  });

  it("is no field that is called value", () => {
    const text = `const original = cell.value;\ncell.value = ${forward};`;
    expect(told(text, "descriptor")).toEqual([]);
  });
});

describe("a function around another", () => {
  it("is returned by what was given the other", () => {
    const text = "const traced = (name, handler) => async (event) => handler(event, name);";
    expect(told(text, "around")).toEqual(["around .?: handler(event, name)"]);
  });

  it("is none when the parameter is not called", () => {
    expect(told("const later = (handler) => () => queue.push(handler);", "around")).toEqual([]);
  });
});

describe("the original", () => {
  it("is called in all its forms", () => {
    const text = `const original = api.send;
    api.send = function (...args) {
      const same = original;
      const bound = original.bind(this);
      same(1);
      bound(2);
      original.call(this, 3);
      original.apply(this, args);
      Reflect.apply(original, this, args);
      new original(4);
      Reflect.construct(original, args);
      original.toString();
      Reflect.apply(other, this, args);
    };`;
    expect(told(text, "saved")).toEqual([
      "saved api.send: same(1) | bound(2) | original.call(this, 3) | original.apply(this, args) | " +
        "Reflect.apply(original, this, args) | new original(4) | Reflect.construct(original, args)",
    ]);
  });

  it("is not looked for without end where names name each other", () => {
    expect(told("var a = b;\nvar b = a;\nx.m = function () { return a(); };\na = x.m;")).toEqual([]);
    expect(told("let f = f || g;\nconst make = (original) => { const h = h ? h : f; return h; };")).toEqual(
      [],
    );
  });
});
