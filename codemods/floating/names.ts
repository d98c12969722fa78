/** Whether a piece of code may use a name, as a name of its own and not as a member. */
export const mentions = (code: string, name: string): boolean =>
  new RegExp(`(?<![\\w$.])${name.replace(/\$/g, "\\$")}(?![\\w$])`).test(code);
