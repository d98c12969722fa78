// Parses every file named, one per line, in the file given as argument: the floor for anything that parses a whole tree.
import { readFileSync } from "node:fs";
import { parseSync } from "oxc-parser";

let statements = 0;
const files = readFileSync(process.argv[2], "utf8").split("\n").filter(Boolean);
for (const file of files) {
  const result = parseSync(file, readFileSync(file, "utf8"));
  statements += result.program.body.length;
}
console.log(JSON.stringify({ files: files.length, statements }));
