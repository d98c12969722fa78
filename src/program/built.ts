/** What compilers and bundlers end their output with. */
const sourceMap = /^\/\/[#@] ?sourceMappingURL=\S+\s*$/m;

/** `assets/index-Bk5IwN3Q.js`: what Vite and Rollup call the files that they build. */
const hashed = /(?:^|\/)assets\/[^/]+-(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{8}\.[cm]?js$/;

/**
 * Whether a file is what a compiler or bundler wrote.
 * @param file relative to the root
 */
export const isBuilt = (file: string, text: string): boolean =>
  hashed.test(file) || sourceMap.test(text.slice(-2000));
