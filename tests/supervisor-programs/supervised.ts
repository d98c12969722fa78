import { afterAll } from "vitest";
import { program, writeSupervisor } from "./support.js";

const written = writeSupervisor();
afterAll(() => written.remove());

/** The supervisor of this file of tests. */
export const supervisor = written.file;

export const node = process.execPath;

/** The command of a program under the supervisor. */
export const supervised = (...args: string[]) => [node, supervisor, ...args];

/** The command of a program that dies in a way of its own. */
export const dies = (way: string) => supervised(program("dies.mjs"), way);
