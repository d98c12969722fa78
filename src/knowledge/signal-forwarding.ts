/**
 * What becomes of a SIGTERM that is sent to a program which has started another one. Measured with a Node server that needs
 * 1.2 s to flush, as the first process of a PID namespace, alone and behind dumb-init 1.2 and tini 0.19: npm 6 to 11, pnpm 6 to 10,
 * yarn 1.22 and 4, bun 1, tsx 4, dash 0.5.12, bash 5.2, BusyBox 1.35 (tests/prove-delivery.test.ts runs npm and the shell of the machine).
 */

/**
 * What `/bin/sh -c` does with the last command of its line: `stays`: it waits in front of it and hands no signal on. `becomes`:
 * the command takes its place. dash stays; BusyBox and bash become it.
 */
export type ShellHabit = "stays" | "becomes" | "unknown";

/** `/bin/sh` by the name of an image; the first that matches. */
export const shellsOfImages: readonly { image: RegExp; habit: ShellHabit }[] = [
  { image: /alpine|(^|\/)busybox\b/, habit: "becomes" },
  { image: /distroless|scratch|chainguard/, habit: "unknown" },
  {
    image: /(^|\/)(ubi\d*|fedora|centos|rockylinux|almalinux|amazonlinux|oraclelinux)\b|\/lambda\/nodejs/,
    habit: "becomes",
  },
  {
    image:
      /(^|\/)(debian|ubuntu|buildpack-deps)\b|^(docker\.io\/|public\.ecr\.aws\/docker\/|mirror\.gcr\.io\/)?(library\/)?node(:|$)|\b(slim|buster|bullseye|bookworm|trixie|stretch|jessie|jammy|focal|noble)\b/,
    habit: "stays",
  },
];

/** Shells by the name under which a command line calls them; `sh` is the image's own. */
export const shellsByName: Readonly<Record<string, ShellHabit>> = {
  dash: "stays",
  ash: "becomes",
  bash: "becomes",
};

/**
 * What runs the scripts of package.json. `relays`: hands the signal to the shell of the script, so all hangs on that shell.
 * `leaves`: ends at once, whatever its script still does. `serves`: waits for the script and hands every signal on.
 */
export type ManagerHabit = "relays" | "leaves" | "serves";

/**
 * By the program; `yarn` is the first major version, which `packageManager` or a `.yarnrc.yml` tells from the later ones, and
 * `pnpm@6` is what `packageManager` says.
 */
export const managers: Readonly<Record<string, ManagerHabit>> = {
  npm: "relays",
  npx: "relays",
  pnpm: "relays",
  "pnpm@6": "leaves",
  pnpx: "relays",
  yarn: "leaves",
  "yarn@2": "serves",
  bun: "serves",
};

/** Programs that start another one in their place, or hand every signal on: nothing is lost in them. */
export const transparent = new Set([
  "exec",
  "env",
  "time",
  "nice",
  "tini",
  "dumb-init",
  "catatonit",
  "cross-env",
  "docker-entrypoint.sh",
]);

/** The same, with one word of their own in front of the program. */
export const transparentAs = new Set(["su-exec", "gosu", "setpriv"]);

/**
 * Servers of frameworks that listen for SIGTERM and let their requests come to an end. Read in `start-server.js` of next 13.5.6,
 * 14.0.4, 14.1.0, 14.2.5 and 15.5.4: up to 14.0 it exits at once; from 14.1 it closes its server first, from 15 it also
 * waits for what was given to `after`.
 */
export const drainingServers: Readonly<Record<string, { package: string; since: string }>> = {
  next: { package: "next", since: ">=14.1" },
};
