/**
 * Plugins of webpack, Rollup and Vite that leave alone which packages come into a bundle, as their readmes tell; of `webpack` itself
 * the classes that a name fits.
 */
export const harmlessPlugins: Readonly<Record<string, true | RegExp>> = {
  webpack:
    /^(DefinePlugin|BannerPlugin|ProgressPlugin|EnvironmentPlugin|IgnorePlugin|SourceMapDevToolPlugin|optimize\.\w+)$/,
  "copy-webpack-plugin": true,
  "clean-webpack-plugin": true,
  "fork-ts-checker-webpack-plugin": true,
  "tsconfig-paths-webpack-plugin": true,
  "terser-webpack-plugin": true,
  "dotenv-webpack": true,
  "@rollup/plugin-node-resolve": true,
  "@rollup/plugin-commonjs": true,
  "@rollup/plugin-json": true,
  "@rollup/plugin-typescript": true,
  "@rollup/plugin-terser": true,
  "@rollup/plugin-replace": true,
  "@rollup/plugin-babel": true,
  "@rollup/plugin-swc": true,
  "rollup-plugin-typescript2": true,
  "rollup-plugin-esbuild": true,
  "vite-tsconfig-paths": true,
};

/** What tsup is told to take into the bundle where that is everything. */
export const takesEverything = /^\/\^?\(?\.[*+]\)?\$?\/[a-z]*$/;
