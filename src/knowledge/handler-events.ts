/**
 * What is told to handlers, requesters and listeners of HTTP and RPC clients.
 *
 * Read: undici 5.28.4, 6.21.0, 7.30.2 and 8.12.4 (lib/core/request.js, lib/core/util.js, lib/handler, lib/web/fetch). `fetch` takes
 * the time of the first byte in `onResponseStarted`, since 6. undici 7 tells handlers of the new interface nothing of what is sent, 8 does. Without `onError` or `onResponseError` undici throws where the request
 * fails, and who waits for it waits on.
 * Run: @grpc/grpc-js 1.14. A requester or listener whose method does not call its `next` ends the call there: it hangs, or waits for
 * its deadline. A method that is left out is passed on.
 */

/** The events of one request in the two interfaces of undici, by the name of both; `undefined` where one of them has none. */
export interface HandlerEvent {
  names: readonly string[];
  /**
   * `outcome`: without it nobody learns how the request ended. `notice`: only tells of something; whoever swallows it does so by
   * mistake. `data`: may be left out on purpose.
   */
  is: "outcome" | "notice" | "data";
}

export const handlerEvents: readonly HandlerEvent[] = [
  { names: ["onConnect", "onRequestStart"], is: "data" },
  { names: ["onUpgrade", "onRequestUpgrade"], is: "data" },
  { names: ["onResponseStarted"], is: "notice" },
  { names: ["onHeaders", "onResponseStart"], is: "data" },
  { names: ["onData", "onResponseData"], is: "data" },
  { names: ["onComplete", "onResponseEnd"], is: "outcome" },
  { names: ["onError", "onResponseError"], is: "outcome" },
  { names: ["onBodySent"], is: "notice" },
  { names: ["onRequestSent"], is: "notice" },
];

/** What the events are told, by the names that undici gives it. */
export const handlerParameters: Readonly<Record<string, readonly string[]>> = {
  onConnect: ["abort", "context"],
  onRequestStart: ["controller", "context"],
  onUpgrade: ["statusCode", "headers", "socket"],
  onRequestUpgrade: ["controller", "statusCode", "headers", "socket"],
  onResponseStarted: [],
  onHeaders: ["statusCode", "headers", "resume", "statusText"],
  onResponseStart: ["controller", "statusCode", "headers", "statusMessage"],
  onData: ["chunk"],
  onResponseData: ["controller", "chunk"],
  onComplete: ["trailers"],
  onResponseEnd: ["controller", "trailers"],
  onError: ["error"],
  onResponseError: ["controller", "error"],
  onBodySent: ["chunk"],
  onRequestSent: [],
};

/** What `fetch` needs, and adapters between the two interfaces forgot. */
export const firstByte = "onResponseStarted";

/** Methods of requesters and listeners of gRPC, and the position of `next` among their parameters. */
export const grpcMethods: Readonly<Record<string, number>> = {
  start: 2,
  sendMetadata: 1,
  sendMessage: 1,
  sendStatus: 1,
  halfClose: 0,
  onReceiveMetadata: 1,
  onReceiveMessage: 1,
  onReceiveHalfClose: 0,
  onReceiveStatus: 1,
};

/** The responder of a server has a `start` of its own, whose `next` takes the listener alone. */
export const grpcServerStart = 0;

/** Classes of gRPC that take an object of such methods, and builders that take them one by one (`withStart(fn)`). */
export const grpcCalls: ReadonlySet<string> = new Set(["InterceptingCall", "ServerInterceptingCall"]);
export const grpcBuilders: ReadonlySet<string> = new Set([
  "RequesterBuilder",
  "ListenerBuilder",
  "ResponderBuilder",
  "ServerListenerBuilder",
]);
export const grpcModules = /^(@grpc\/grpc-js|grpc)(\/|$)/;

/** Generators that stand around a call of nice-grpc. */
export const niceGrpcModules = /^nice-grpc(-\w+)*$/;

/** Functions that make an observable out of a function that is given its observer, and whether a link has to pass on its end. */
export const observables: readonly { modules: RegExp; name: string; needsEnd: boolean }[] = [
  { modules: /^@trpc\/(server|client)(\/|$)/, name: "observable", needsEnd: false },
  { modules: /^(@apollo\/client|apollo-link|zen-observable)(\/|$)/, name: "Observable", needsEnd: true },
  { modules: /^rxjs$/, name: "Observable", needsEnd: true },
];
