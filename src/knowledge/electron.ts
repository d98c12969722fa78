/**
 * What in Electron's main process runs only when the app is ready, and what its SDK makes of that.
 *
 * Documentation of `app`, `ipcMain`, `BrowserWindow` (Electron 30 to 38): windows cannot be made before `ready`, so nothing comes from
 * one earlier; `second-instance` is "guaranteed to be emitted after the ready event". `will-finish-launching`, `open-url`, `open-file`,
 * `activate`, `before-quit` and `will-quit` may come before it and are left out.
 *
 * @sentry/electron, `src/main/ipc.ts` read in 3.0.0, 3.0.7, 4.0.0, 4.8.0, 4.24.0, 5.0.0, 5.6.0, 6.0.0, 7.0.0, 7.2.0 and 7.15.0:
 * `configureProtocol()` throws "Sentry SDK should be initialized before the Electron app 'ready' event is fired" when `app.isReady()`,
 * unless `ipcMode` asks for `Classic` alone; up to 4 nothing has been set up by then, from 5 on the client is there and OpenTelemetry
 * and the windows are not. 1 and 2 only asked whether they may send at once.
 */

/** Packages whose `init` throws when the app is ready, and since when. */
export const notWhenReady: Readonly<Record<string, string>> = { "@sentry/electron": ">=3" };

/** The option that may take the throwing part away. */
export const readyOption = "ipcMode";

/** Events of `app` that come with `ready` or after it. */
export const eventsWhenReady: ReadonlySet<string> = new Set([
  "ready",
  "window-all-closed",
  "second-instance",
  "browser-window-created",
  "browser-window-focus",
  "browser-window-blur",
  "web-contents-created",
]);

/** Things of Electron whose listeners hear nothing before `ready`. */
export const heardWhenReady = /^(ipcMain|BrowserWindow\(\)|BrowserWindow\(\)\.webContents)$/;

/** Methods that take such a listener. */
export const listeningMethods: ReadonlySet<string> = new Set([
  "on",
  "once",
  "addListener",
  "prependListener",
  "handle",
  "handleOnce",
]);

/** Stores whose `onDidChange` listeners run when the program itself writes to the store (electron-store 8, conf 10). */
export const stores: ReadonlySet<string> = new Set(["electron-store", "conf"]);

/** Methods of such a store by which it changes. */
export const writes: ReadonlySet<string> = new Set(["set", "reset", "clear", "delete"]);
