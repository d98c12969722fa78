interface Ended {
  err?: Error;
  signal?: "SIGTERM" | "SIGINT";
  manual?: boolean;
}

interface Options {
  delay?: number | false | null;
  logger?: unknown;
}

type Close = (ended: Ended, done?: (error?: Error) => void) => Promise<void> | void;

interface Closing {
  close(): void;
  uninstall(): void;
}

declare function closeWithGrace(close: Close): Closing;
declare function closeWithGrace(options: Options, close: Close): Closing;

export = closeWithGrace;
