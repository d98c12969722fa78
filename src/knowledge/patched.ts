/**
 * Functions that programs and agents put wrappers over: what their callers get, and how many arguments they take. The declarations of
 * TypeScript's `lib.dom.d.ts` and of `@types/node` say so, and a test compares them.
 */
export interface PatchedFacts {
  /** What callers get, in words; undefined where that is nothing. */
  gives: string | undefined;
  /** How many arguments it takes at most; undefined where that is not known. */
  takes?: number | "any";
  /** No caller can do without the result: who keeps a call back on purpose still has to answer. */
  relied?: true;
}

type Taken = number | "any";
const nothing = (takes: Taken): PatchedFacts => ({ gives: undefined, takes });
const gives = (what: string, takes: Taken): PatchedFacts => ({ gives: what, takes });
const relied = (what: string, takes: Taken): PatchedFacts => ({ gives: what, takes, relied: true });

const timer = gives("the timer that can be cleared", "any");
const listened = gives("whether anybody listens", "any");
const chained = (takes: Taken): PatchedFacts => gives("the object for the next call", takes);
const written = gives("whether more may be written", 3);
const request = relied("the request", 3);
const socket = (takes: Taken): PatchedFacts => relied("the socket", takes);
const child = (takes: Taken): PatchedFacts => gives("the child process", takes);

/** Global functions, by their path from the global object. */
export const patchedGlobals: Readonly<Record<string, PatchedFacts>> = {
  fetch: relied("the promise of the response", 2),
  requestAnimationFrame: gives("the handle that cancels it", 1),
  requestIdleCallback: gives("the handle that cancels it", 2),
  setTimeout: timer,
  setInterval: timer,
  setImmediate: timer,
  queueMicrotask: nothing(1),
  "JSON.parse": gives("the value", 2),
  "JSON.stringify": gives("the text", 3),
  "Promise.prototype.then": relied("the next promise", 2),
  "Promise.prototype.catch": relied("the next promise", 1),
  "Promise.prototype.finally": relied("the next promise", 1),

  "EventTarget.prototype.addEventListener": nothing(3),
  "EventTarget.prototype.removeEventListener": nothing(3),
  "EventTarget.prototype.dispatchEvent": gives("whether the default was prevented", 1),
  "document.addEventListener": nothing(3),
  "document.removeEventListener": nothing(3),
  "document.createElement": gives("the element", 2),
  addEventListener: nothing(3),
  removeEventListener: nothing(3),
  "Node.prototype.appendChild": gives("the node", 1),
  "Node.prototype.insertBefore": gives("the node", 2),
  "Node.prototype.removeChild": gives("the node", 1),
  "Node.prototype.replaceChild": gives("the node", 2),
  "XMLHttpRequest.prototype.open": nothing(5),
  "XMLHttpRequest.prototype.send": nothing(1),
  "XMLHttpRequest.prototype.setRequestHeader": nothing(2),
  "XMLHttpRequest.prototype.abort": nothing(0),
  "XMLHttpRequest.prototype.getResponseHeader": gives("the header", 1),
  "WebSocket.prototype.send": nothing(1),
  "WebSocket.prototype.close": nothing(2),
  "navigator.sendBeacon": gives("whether the data was queued", 2),
  "history.pushState": nothing(3),
  "history.replaceState": nothing(3),
  "History.prototype.pushState": nothing(3),
  "History.prototype.replaceState": nothing(3),
  "Storage.prototype.getItem": gives("the item", 1),
  "Storage.prototype.setItem": nothing(2),
  "localStorage.getItem": gives("the item", 1),
  "localStorage.setItem": nothing(2),
  "sessionStorage.getItem": gives("the item", 1),
  "sessionStorage.setItem": nothing(2),

  "process.emit": listened,
  "process.on": chained(2),
  "process.once": chained(2),
  "process.addListener": chained(2),
  "process.removeListener": chained(2),
  "process.emitWarning": nothing(4),
  "process.exit": nothing(1),
  "process.nextTick": nothing("any"),
  "process.stdout.write": written,
  "process.stderr.write": written,
  "console.log": nothing("any"),
  "console.info": nothing("any"),
  "console.warn": nothing("any"),
  "console.error": nothing("any"),
  "console.debug": nothing("any"),
  "console.trace": nothing("any"),
};

/** Functions of Node's modules, by module and path. */
export const patchedExports: Readonly<Record<string, PatchedFacts>> = {
  "http.request": request,
  "http.get": request,
  "https.request": request,
  "https.get": request,
  "http.Server.prototype.emit": listened,
  "http.createServer.emit": listened,
  "https.Server.prototype.emit": listened,
  "https.createServer.emit": listened,
  "http.ServerResponse.prototype.write": written,
  "http.ServerResponse.prototype.end": chained(3),
  "http.ServerResponse.prototype.setHeader": chained(2),
  "http.ServerResponse.prototype.writeHead": chained(3),
  "events.EventEmitter.prototype.emit": listened,
  "events.EventEmitter.prototype.on": chained(2),
  "events.EventEmitter.prototype.addListener": chained(2),
  "events.EventEmitter.prototype.once": chained(2),
  "events.EventEmitter.prototype.removeListener": chained(2),
  "events.prototype.emit": listened,
  "events.prototype.on": chained(2),
  "events.prototype.addListener": chained(2),
  "net.connect": socket(3),
  "net.createConnection": socket(3),
  "net.Socket.prototype.write": written,
  "tls.connect": socket(4),
  "child_process.spawn": child(3),
  "child_process.exec": child(3),
  "child_process.execFile": child(4),
  "child_process.fork": child(3),
  "module._load": gives("the module", 3),
  "module._resolveFilename": gives("the file name", 4),
  "module.prototype.require": gives("the module", 1),
  "fs.readFileSync": gives("the content", 2),
  "fs.createReadStream": gives("the stream", 2),
  "fs.createWriteStream": gives("the stream", 2),
};

/** Members of whatever prototype: only event emitters call a method so. */
export const patchedPrototypes: Readonly<Record<string, PatchedFacts>> = {
  emit: listened,
};

/** All members of these give something back, most of them the object that they are called on; plugins add more by the same custom. */
export const chainedObjects: Readonly<Record<string, PatchedFacts>> = {
  "jQuery.fn": { gives: "the jQuery object for the next call" },
  "$.fn": { gives: "the jQuery object for the next call" },
};
