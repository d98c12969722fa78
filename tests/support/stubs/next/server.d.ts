export declare function after(task: Promise<unknown> | (() => unknown)): void;
