/** Which files a framework loads by their place. Paths are relative to the folder of the package that depends on it. */

export interface Framework {
  /** Any of these among the dependencies. */
  packages: readonly string[];
  /** Files it starts, or loads into its server. */
  entry: RegExp;
  /** Of those, the ones it loads before all others. */
  preload?: RegExp;
  /** Entries the preloads do not come before: they run elsewhere (a browser, the edge). */
  elsewhere?: RegExp;
}

export const frameworks: readonly Framework[] = [
  {
    packages: ["next"],
    entry:
      /^(?:src\/)?(?:instrumentation|instrumentation-client|middleware|proxy)\.[mc]?[jt]s$|^(?:src\/)?app\/(?:.*\/)?(?:page|route|layout|template|loading|error|global-error|not-found|default|sitemap|robots|manifest|opengraph-image|twitter-image|icon)\.[jt]sx?$|^(?:src\/)?pages\/.+\.[jt]sx?$|^sentry\.(?:client|server|edge)\.config\.[mc]?[jt]s$/,
    preload: /^(?:src\/)?instrumentation\.[mc]?[jt]s$|^sentry\.server\.config\.[mc]?[jt]s$/,
    elsewhere: /^(?:src\/)?(?:instrumentation-client|middleware)\.|^sentry\.(?:client|edge)\.config\./,
  },
  {
    packages: ["nuxt", "nuxt3", "nitropack", "nitro"],
    entry:
      /^(?:server|app)\/(?:api|routes|plugins|middleware|tasks|pages|layouts)\/.+\.[mc]?[jt]s$|^(?:src\/)?(?:api|routes|plugins|tasks)\/.+\.[mc]?[jt]s$|^(?:middleware|pages)\/.+\.[mc]?[jt]s$|^sentry\.(?:client|server)\.config\.[mc]?[jt]s$/,
    preload: /^server\/plugins\/.+\.[mc]?[jt]s$|^sentry\.server\.config\.[mc]?[jt]s$/,
    elsewhere: /^sentry\.client\.config\.|\.client\.[mc]?[jt]s$/,
  },
  {
    packages: ["@sveltejs/kit"],
    entry:
      /^src\/(?:hooks(?:\.server|\.client)?|instrumentation\.server|service-worker)\.[jt]s$|^src\/routes\/(?:.*\/)?\+(?:page|layout|server|error)(?:\.server)?\.[jt]s$|^src\/params\/[^/]+\.[jt]s$/,
    preload: /^src\/(?:instrumentation\.server|hooks\.server)\.[jt]s$/,
    elsewhere: /^src\/(?:hooks\.client|service-worker)\./,
  },
  {
    packages: [
      "@remix-run/dev",
      "@remix-run/node",
      "@remix-run/serve",
      "@react-router/dev",
      "@react-router/serve",
    ],
    entry: /^app\/(?:entry\.(?:server|client)|root|routes)\.[mc]?[jt]sx?$|^app\/routes\/.+\.[mc]?[jt]sx?$/,
    preload: /^app\/entry\.server\.[mc]?[jt]sx?$/,
    elsewhere: /^app\/entry\.client\./,
  },
  {
    packages: ["@nestjs/core"],
    entry: /^(?:apps\/[^/]+\/)?src\/main\.[jt]s$/,
  },
  {
    packages: ["astro"],
    entry:
      /^src\/(?:middleware|middleware\/index|actions\/index)\.[jt]s$|^src\/pages\/.+\.[jt]s$|^sentry\.(?:client|server)\.config\.[mc]?[jt]s$/,
    preload: /^sentry\.server\.config\.[mc]?[jt]s$/,
    elsewhere: /^sentry\.client\.config\./,
  },
  {
    packages: ["@adonisjs/core"],
    entry: /^(?:bin\/(?:server|console)|start\/.+|providers\/.+|ace)\.[jt]s$/,
  },
  {
    packages: ["@strapi/strapi", "strapi"],
    entry: /^src\/(?:index|api\/.+|extensions\/.+)\.[jt]s$|^config\/.+\.[jt]s$/,
    preload: /^src\/index\.[jt]s$/,
  },
  {
    packages: ["@medusajs/medusa", "@medusajs/framework"],
    entry: /^(?:instrumentation|src\/(?:api|jobs|subscribers|workflows|scripts|modules|loaders)\/.+)\.[jt]s$/,
    preload: /^instrumentation\.[jt]s$/,
  },
];
