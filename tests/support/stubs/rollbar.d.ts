declare class Rollbar {
  constructor(options: { accessToken?: string });
  error(error: unknown): void;
  critical(error: unknown): void;
  wait(done: () => void): void;
}

export = Rollbar;
