/** Reads the instructions of a Dockerfile: enough to tell what the image runs. */

export interface Instruction {
  /** Upper case. */
  name: string;
  /** Continuation lines joined, comments between them left out. */
  value: string;
  /** 1-based. */
  line: number;
}

export interface Stage {
  /** What FROM names: an image or an earlier stage. */
  base: string;
  name: string | undefined;
  instructions: Instruction[];
}

const heredoc = /<<-?\s*(["']?)(\w+)\1/;

/** The stages in order, each with the instructions after its FROM. Anything that is no instruction is passed over. */
export function stagesOf(text: string): Stage[] {
  const lines = text.split(/\r?\n/);
  const escape = /^#\s*escape\s*=\s*`/i.test(lines[0] ?? "") ? "`" : "\\";
  const stages: Stage[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = at + 1;
    let value = (lines[at] ?? "").trim();
    if (value === "" || value.startsWith("#")) continue;
    while (value.endsWith(escape) && at + 1 < lines.length) {
      value = value.slice(0, -1);
      const next = (lines[++at] ?? "").trim();
      if (next.startsWith("#")) value += escape;
      else value += next;
    }
    if (value.endsWith(escape)) value = value.slice(0, -1);
    const marker = /^(?:RUN|COPY|ADD)\b/i.test(value) ? heredoc.exec(value)?.[2] : undefined;
    if (marker !== undefined) {
      const end = lines.findIndex((candidate, index) => index > at && candidate.trim() === marker);
      if (end > at) at = end;
    }
    const match = /^([A-Za-z]+)\s+([^]*)$/.exec(value);
    const [, word, rest] = match ?? [];
    if (word === undefined || rest === undefined) continue;
    const name = word.toUpperCase();
    if (name === "FROM") stages.push(stageOf(rest));
    else stages[stages.length - 1]?.instructions.push({ name, value: rest.trim(), line });
  }
  return stages;
}

function stageOf(value: string): Stage {
  const words = value.split(/\s+/).filter((word) => !word.startsWith("--"));
  const named = words[1]?.toLowerCase() === "as" ? words[2]?.toLowerCase() : undefined;
  return { base: words[0]?.toLowerCase() ?? "", name: named, instructions: [] };
}

/** The instructions that hold in the image of the last stage: its own, after those of the stages it is built on. */
export function finalInstructions(stages: readonly Stage[]): Instruction[] {
  const chain: Stage[] = [];
  let stage = stages[stages.length - 1];
  while (stage !== undefined && !chain.includes(stage)) {
    chain.unshift(stage);
    const { base } = stage;
    stage = stages.slice(0, stages.indexOf(stage)).findLast((earlier) => earlier.name === base);
  }
  return chain.flatMap(({ instructions }) => instructions);
}

/** The words of an exec form; undefined for the shell form. */
export function execForm(value: string): string[] | undefined {
  if (!value.startsWith("[")) return undefined;
  try {
    const words = JSON.parse(value) as unknown;
    return Array.isArray(words) && words.every((word) => typeof word === "string") ? words : undefined;
  } catch {
    return undefined;
  }
}

/** `ENV A=b C="d e"` and `ENV A b`. */
export function environmentOf(value: string): Map<string, string> {
  const found = new Map<string, string>();
  const first = /^\w+/.exec(value)?.[0];
  if (first !== undefined && /\s/.test(value[first.length] ?? "")) {
    found.set(first, unquote(value.slice(first.length).trim()));
    return found;
  }
  for (const match of value.matchAll(/(\w+)=("(?:[^"\\]|\\.)*"|'[^']*'|(?:[^\s\\]|\\.)*)/g))
    found.set(match[1] ?? "", unquote(match[2] ?? ""));
  return found;
}

function unquote(value: string): string {
  return /^(["']).*\1$/.test(value) ? value.slice(1, -1) : value.replace(/\\ /g, " ");
}
