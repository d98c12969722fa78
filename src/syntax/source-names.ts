/**
 * Names of files that hold a program. `.es6` and `.es` are what JavaScript was called where two kinds of it stood beside each other,
 * `.jsm` its modules; ESLint reads them where it is told to.
 */
export const sourceName = /\.(?:[mc]?[jt]sx?|es6?|jsm)$/;
