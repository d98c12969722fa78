/** The first of some names that a text does not say; undefined when it says all. */
export const freeName = (text: string, ...names: string[]): string | undefined =>
  names.find((name) => !new RegExp(`\\b${name}\\b`).test(text));
