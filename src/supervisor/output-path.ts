import { existsSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";

/**
 * Where the supervisor is at run time, beside a program that is started: TypeScript is compiled somewhere else, and an image
 * has folders of its own.
 * @param supervisor absolute path of its source
 * @param program path of the program as its start command has it
 */
export function outputPath(packageFolder: string, supervisor: string, program: string): string {
  const parts = program.split("/");
  const isCompiled = /\.[cm]?ts$/.test(supervisor) && !/\.[cm]?tsx?$/.test(program);
  for (let cut = 0; cut < parts.length; cut++) {
    const inner = parts.slice(cut).join("/");
    const base = isCompiled
      ? sourceFolder(packageFolder, supervisor, inner)
      : existsSync(join(packageFolder, inner))
        ? packageFolder
        : undefined;
    if (base === undefined) continue;
    const tail = relative(base, supervisor).split(sep).join("/");
    return posix.join(
      parts.slice(0, cut).join("/") || (program.startsWith("/") ? "/" : ""),
      compiled(tail, isCompiled),
    );
  }
  return posix.join(
    posix.dirname(program),
    compiled(posix.basename(supervisor.split(sep).join("/")), isCompiled),
  );
}

/** The folder, from that of the supervisor upward, in which the source of a compiled file lies at the same place. */
function sourceFolder(packageFolder: string, supervisor: string, file: string): string | undefined {
  const stem = file.replace(/\.[cm]?js$/, "");
  for (let folder = dirname(supervisor); ; folder = dirname(folder)) {
    if (["ts", "mts", "cts", "tsx"].some((kind) => existsSync(join(folder, `${stem}.${kind}`))))
      return folder;
    if (folder === packageFolder || folder === dirname(folder)) return undefined;
  }
}

function compiled(file: string, isCompiled: boolean): string {
  return isCompiled ? file.replace(/ts$/, "js") : file;
}
