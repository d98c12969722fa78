export declare function addCustomAttribute(key: string, value: string | number | boolean): void;
export declare function noticeError(error: Error): void;
export declare function shutdown(
  options: { collectPendingData?: boolean; timeout?: number; waitForIdle?: boolean },
  done: (error?: Error) => void,
): void;
