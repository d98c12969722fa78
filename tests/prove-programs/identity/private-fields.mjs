// A method that reads a private field is called on the watched client.
import { load, outcome, tell } from "./tell.mjs";

const { Client } = await load("src/client.ts");
const { watched } = await load("src/watched.ts");
const seen = [];
const client = watched(new Client(), (key) => seen.push(key));
tell({ sent: await outcome(() => client.send("hello")), seen });
