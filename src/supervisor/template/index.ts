import { exception } from "./exception.js";
import { report } from "./report.js";
import { starting } from "./starting.js";
import { stderr } from "./stderr.js";

/**
 * The supervisor as a TypeScript module as Prettier would write it. Of TypeScript it uses types alone, so that cutting them
 * out leaves JavaScript, and it begins no line with what a line without a semicolon would run into. It stays within Node 20
 * and holds no template literals.
 */
export const template: string = starting + stderr + report + exception;
