// Somebody awaits the promise that is handed out.
import { load, outcome, tell } from "./tell.mjs";

globalThis.fetch = async () => globalThis.Response.json({ id: 7 });
const { lazily } = await load("src/lazy.js");
tell(await outcome(async () => await lazily(7, () => {})));
