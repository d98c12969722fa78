/** Command lines that run JavaScript: which options of each program take a value, and which preload a module. */

export interface Runner {
  /** Options whose next word is their value. */
  valued: ReadonlySet<string>;
  /** Options whose value is a module loaded first. */
  preload: ReadonlySet<string>;
  /** Options that give the code itself: no file follows. */
  inline: ReadonlySet<string>;
  /** Options whose value is a command line that runs the file. */
  exec?: ReadonlySet<string>;
  /** Words that may stand before the file. */
  verbs?: ReadonlySet<string>;
  /** The file is run only after one of `verbs`. */
  needsVerb?: boolean;
}

const nodePreload = ["-r", "--require", "--import"];
const nodeValued = [
  "-r",
  "--require",
  "--import",
  "--loader",
  "--experimental-loader",
  "-C",
  "--conditions",
  "--title",
  "--stack-trace-limit",
];

function runner(spec: {
  valued?: string[];
  preload?: string[];
  inline?: string[];
  exec?: string[];
  verbs?: string[];
  needsVerb?: boolean;
}): Runner {
  return {
    valued: new Set(spec.valued ?? []),
    preload: new Set(spec.preload ?? []),
    inline: new Set(spec.inline ?? []),
    ...(spec.exec === undefined ? {} : { exec: new Set(spec.exec) }),
    ...(spec.verbs === undefined ? {} : { verbs: new Set(spec.verbs) }),
    ...(spec.needsVerb === undefined ? {} : { needsVerb: spec.needsVerb }),
  };
}

/** Node itself: also reads NODE_OPTIONS. */
export const runnerOfNode = runner({
  valued: nodeValued,
  preload: nodePreload,
  inline: ["-e", "--eval", "-p", "--print", "-c", "--check", "--test", "--run"],
});
const tsNode = runner({
  valued: [
    ...nodeValued,
    "-P",
    "--project",
    "-O",
    "--compiler-options",
    "-D",
    "--ignore-diagnostics",
    "-I",
    "--ignore",
    "--cwd",
    "--cwdMode",
    "-C",
    "--compiler",
  ],
  preload: nodePreload,
  inline: ["-e", "--eval", "-p", "--print"],
});
const nodemon = runner({
  valued: [
    ...nodePreload,
    "--watch",
    "-w",
    "--ext",
    "-e",
    "--ignore",
    "-i",
    "--delay",
    "-d",
    "--exec",
    "-x",
    "--signal",
    "-s",
    "--config",
    "--cwd",
    "--on-change-only",
  ],
  preload: nodePreload,
  exec: ["--exec", "-x"],
});
const pm2 = runner({
  valued: [
    "--name",
    "-n",
    "-i",
    "--instances",
    "--interpreter",
    "--max-memory-restart",
    "--node-args",
    "--interpreter-args",
    "--env",
    "-o",
    "-e",
    "-l",
    "--log",
    "--cwd",
    "--namespace",
    "--output",
    "--error",
    "--kill-timeout",
    "--only",
  ],
  preload: nodePreload,
  verbs: ["start", "startOrReload", "startOrRestart", "restart", "reload"],
});

/** By the base name of the program. */
export const runners: ReadonlyMap<string, Runner> = new Map<string, Runner>([
  ["node", runnerOfNode],
  ["nodejs", runnerOfNode],
  [
    "tsx",
    runner({
      valued: [...nodeValued, "--tsconfig", "--include", "--exclude", "--ignore"],
      preload: nodePreload,
      inline: ["-e", "--eval", "-p", "--print", "--test"],
      verbs: ["watch"],
    }),
  ],
  ["ts-node", tsNode],
  ["ts-node-esm", tsNode],
  ["ts-node-script", tsNode],
  ["ts-node-transpile-only", tsNode],
  [
    "ts-node-dev",
    runner({
      valued: [...tsNode.valued, "--watch", "--ignore-watch", "--exec-args", "--interval"],
      preload: nodePreload,
    }),
  ],
  [
    "tsnd",
    runner({
      valued: [...tsNode.valued, "--watch", "--ignore-watch", "--exec-args", "--interval"],
      preload: nodePreload,
    }),
  ],
  ["nodemon", nodemon],
  [
    "babel-node",
    runner({
      valued: [...nodeValued, "--config-file", "-x", "--extensions", "--presets", "--plugins"],
      preload: nodePreload,
      inline: ["-e", "--eval", "-p", "--print"],
    }),
  ],
  ["swc-node", runnerOfNode],
  ["esr", runnerOfNode],
  ["esno", runnerOfNode],
  ["jiti", runnerOfNode],
  ["sucrase-node", runnerOfNode],
  ["esbuild-runner", runnerOfNode],
  ["vite-node", runner({ valued: ["-c", "--config", "-r", "--root", "--mode", "-m"] })],
  ["node-dev", runnerOfNode],
  ["electron", runner({ valued: ["-r", "--require"], preload: ["-r", "--require"] })],
  ["electronmon", runner({})],
  [
    "bun",
    runner({
      valued: [
        "--preload",
        "-r",
        "--require",
        "--import",
        "--cwd",
        "--env-file",
        "--config",
        "-c",
        "--tsconfig-override",
        "--conditions",
        "--filter",
        "-F",
      ],
      preload: ["--preload", "-r", "--require", "--import"],
      inline: ["-e", "--eval", "-p", "--print"],
      verbs: ["run"],
    }),
  ],
  [
    "deno",
    runner({
      valued: [
        "--preload",
        "--import",
        "--require",
        "-c",
        "--config",
        "--import-map",
        "--env-file",
        "--lock",
        "--location",
        "--port",
        "--host",
        "-L",
        "--log-level",
      ],
      preload: ["--preload", "--import", "--require"],
      verbs: ["run", "serve"],
      needsVerb: true,
    }),
  ],
  ["pm2", pm2],
  ["pm2-runtime", pm2],
  ["pm2-dev", pm2],
  [
    "forever",
    runner({
      valued: [
        "-c",
        "-a",
        "-l",
        "-o",
        "-e",
        "--uid",
        "--minUptime",
        "--spinSleepTime",
        "--sourceDir",
        "--workingDir",
      ],
      verbs: ["start", "restart"],
    }),
  ],
  ["clinic", runner({ verbs: ["doctor", "flame", "bubbleprof"] })],
  ["0x", runnerOfNode],
]);

/** Tools that start an entry of their framework's choosing. */
export const frameworkTools: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["next", new Set(["start", "dev"])],
  ["nest", new Set(["start"])],
  ["nuxt", new Set(["start", "dev"])],
  ["nuxi", new Set(["start", "dev"])],
  ["astro", new Set(["dev", "preview"])],
  ["remix", new Set(["dev"])],
  ["react-router", new Set(["dev"])],
  ["vite", new Set(["dev", "preview"])],
]);

/** Tools that serve what the framework built, without a verb of their own. */
export const frameworkServers: ReadonlySet<string> = new Set(["remix-serve", "react-router-serve", "vinxi"]);

/** Programs that run the command after their own options. */
export const wrappers: ReadonlySet<string> = new Set([
  "env",
  "cross-env",
  "cross-env-shell",
  "dotenv",
  "dotenvx",
  "env-cmd",
  "doppler",
  "infisical",
  "op",
  "chamber",
  "time",
  "exec",
  "nohup",
  "sudo",
  "nice",
  "ionice",
  "tini",
  "dumb-init",
  "catatonit",
  "su-exec",
  "gosu",
  "nyc",
  "c8",
  "npx",
  "bunx",
  "pnpx",
  "stdbuf",
  "timeout",
  "xvfb-run",
  "xvfb-maybe",
  "wait-on",
  "if-env",
  "aws-vault",
  "with-env",
  "op-env",
  "command",
  "retry",
  "dd-trace-run",
  "opentelemetry-instrument",
  "/sbin/tini",
  "portless",
  "envsub",
  "set-env",
]);

/** Programs whose arguments are command lines or names of scripts. */
export const parallel: ReadonlySet<string> = new Set([
  "concurrently",
  "conc",
  "npm-run-all",
  "npm-run-all2",
  "run-p",
  "run-s",
]);
