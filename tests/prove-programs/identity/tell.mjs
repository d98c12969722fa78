// What the programs of the proofs about identity tell the test.

/** A module of the program that is run. */
export const load = (file) => import(`${process.cwd()}/${file}`);

/** What a function comes to: its value, or the message of its error. */
export async function outcome(run) {
  try {
    return await run();
  } catch (error) {
    return error instanceof TypeError ? `TypeError: ${error.message}` : `Error: ${String(error)}`;
  }
}

export function tell(said) {
  process.send(said);
  process.disconnect();
}
