// A map whose reads are counted.
import { load, outcome, tell } from "./tell.mjs";

const { counted } = await load("src/counted.js");
const keys = [];
const sessions = counted((key) => keys.push(key));
sessions.set("a", {});
tell({ size: await outcome(() => sessions.size), keys });
