/** How a text starts a program by Node, and where a supervisor would go in. */
export interface StartCommand {
  /** Offset of the first word that belongs to the child alone. */
  at: number;
  /** Path of the program as it is written there. */
  program: string;
}

interface Word {
  text: string;
  at: number;
}

const runners = /^(?:\S*\/)?(?:node|tsx)$/;
/** Node options whose value is the next word. */
const valued = new Set([
  "-r",
  "--require",
  "--import",
  "--loader",
  "--experimental-loader",
  "-C",
  "--conditions",
]);
/** Node options under which no service is started. */
const otherwise = /^(?:-[cep]$|--(?:check|eval|print|run|test|watch))/;
/** Both processes need these: they say where reports go. */
const shared = /^--env-file(?:-if-exists)?=/;

/**
 * Finds how a command line, or a JSON array of words, starts a program.
 * @returns undefined when it starts none by Node, or one that is there already
 */
export function startCommandIn(text: string): StartCommand | undefined {
  const words: Word[] = [...text.matchAll(/[^\s",[\]]+/g)].map((match) => ({
    text: match[0],
    at: match.index,
  }));
  const runner = words.findIndex((word) => runners.test(word.text));
  if (runner < 0 || words.some((word) => word.text.includes("supervisor."))) return undefined;
  let first = runner + 1;
  while (shared.test(words[first]?.text ?? "")) first += 1;
  for (let i = first; i < words.length; i++) {
    const word = words[i]?.text ?? "";
    if (otherwise.test(word)) return undefined;
    if (valued.has(word)) i += 1;
    else if (!word.startsWith("-")) {
      return /[./]/.test(word) ? { at: words[first]?.at ?? 0, program: word } : undefined;
    }
  }
  return undefined;
}

/** The text with the supervisor before what only the child is told. */
export function withSupervisor(text: string, { at }: StartCommand, supervisor: string): string {
  const isArray = text[at - 1] === '"';
  return `${text.slice(0, at)}${supervisor}${isArray ? '", "' : " "}${text.slice(at)}`;
}
