export function config(options?: { path?: string | string[]; override?: boolean; quiet?: boolean }): {
  parsed?: Record<string, string>;
  error?: Error;
};
declare const dotenv: { config: typeof config };
export default dotenv;
