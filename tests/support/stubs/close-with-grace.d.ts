interface Ended {
  err?: Error;
  signal?: "SIGTERM" | "SIGINT";
  manual?: boolean;
}

interface Options {
  delay?: number | false | null;
  logger?: unknown;
}

type Waited = (ended: Ended) => Promise<void>;
type Told = (ended: Ended, done: (error?: Error) => void) => void;

interface Closing {
  close(): void;
  uninstall(): void;
}

declare function closeWithGrace(close: Waited | Told): Closing;
declare function closeWithGrace(options: Options, close: Waited | Told): Closing;

export = closeWithGrace;
