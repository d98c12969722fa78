/** A function or class that is given a function which gets the exports of a module and returns what takes their place. */
export interface ModuleHook {
  /** The packages that export it. */
  packages: readonly string[];
  exports: readonly string[];
  /** Which argument the function is; `last` for the last one. */
  takes: number | "last";
}

/** @opentelemetry/instrumentation 0.223.0 and 0.24, require-in-the-middle 8.0.1. What an import hook returns is not used. */
export const moduleHooks: readonly ModuleHook[] = [
  {
    packages: ["@opentelemetry/instrumentation"],
    exports: ["InstrumentationNodeModuleDefinition", "InstrumentationNodeModuleFile"],
    takes: 2,
  },
  { packages: ["require-in-the-middle"], exports: ["*", "default", "Hook"], takes: "last" },
];
