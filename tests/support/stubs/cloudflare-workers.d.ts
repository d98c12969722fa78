interface State {
  storage: { get<T>(key: string): Promise<T | undefined> };
  waitUntil(promise: Promise<unknown>): void;
}

export declare abstract class DurableObject<Env = unknown> {
  protected ctx: State;
  protected env: Env;
  constructor(ctx: State, env: Env);
}
