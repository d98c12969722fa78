export interface Observer<Value, Failure> {
  next(value: Value): void;
  error(error: Failure): void;
  complete(): void;
}

export interface Observable<Value, Failure> {
  subscribe(observer?: Partial<Observer<Value, Failure>>): { unsubscribe(): void };
}

export declare function observable<Value, Failure = Error>(
  subscribe: (observer: Observer<Value, Failure>) => unknown,
): Observable<Value, Failure>;
