// What it was given: arguments, options, variables, terminals, and all of stdin.
const said = {
  args: process.argv.slice(2),
  execArgv: process.execArgv,
  given: process.env.GIVEN,
  terminals: [process.stdin, process.stdout, process.stderr].map((stream) => Boolean(stream.isTTY)),
};
process.stdout.write(`${JSON.stringify(said)}\n`);
if (!process.stdin.isTTY) process.stdin.pipe(process.stdout);
