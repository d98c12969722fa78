/** The host of an address, with or without its scheme; undefined where there is none in the text. */
export function hostOf(text: string): string | undefined {
  const [, host] = /\w+:\/\/([\w.-]+)/.exec(text) ?? /^["'`]?([\w.-]+):\d+/.exec(text.trim()) ?? [];
  return host;
}
