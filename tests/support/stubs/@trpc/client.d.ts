import type { Observable } from "./server/observable.js";

interface Operation {
  path: string;
  type: string;
  input: unknown;
}

interface Result {
  result: unknown;
}

export type TRPCLink<Router> = (runtime: {
  router?: Router;
}) => (chain: { op: Operation; next(op: Operation): Observable<Result, Error> }) => Observable<Result, Error>;
