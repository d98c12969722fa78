export declare function waitUntil(promise: Promise<unknown>): void;
