/** The part of the supervisor that passes stderr on and keeps its end. */
export const stderr = String.raw`// What follows passes stderr on byte by byte and keeps the end of it.

const ownFile = openOwnFile();
const stderr = openStderr();
let kept: Buffer[] = [];
let keptBytes = 0;
const unwritten: Buffer[] = [];
let unwrittenBytes = 0;
let isWriting = false;
let onWritten: (() => void)[] = [];
let onBroken = () => {};

function keep(chunk: Buffer): void {
  const end = chunk.subarray(-tailBytes - 1);
  kept.push(end);
  keptBytes += end.length;
  if (keptBytes < 4 * tailBytes) return;
  kept = [lastBytes()];
  keptBytes = kept[0]?.length ?? 0;
}

// A file is written by the child itself, and its end read once the child is gone.
function openOwnFile() {
  try {
    if (!fstatSync(2).isFile()) return undefined;
    const fd = openSync("/proc/self/fd/2", "r");
    return { fd, start: fstatSync(fd).size };
  } catch {
    return undefined;
  }
}

// One byte more than is shown: it tells where a line starts.
function lastBytes(): Buffer {
  if (ownFile !== undefined) {
    const { size } = fstatSync(ownFile.fd);
    const start = size < ownFile.start ? 0 : ownFile.start;
    const from = Math.max(start, size - tailBytes - 1);
    const end = Buffer.alloc(size - from);
    return end.subarray(0, readSync(ownFile.fd, end, 0, end.length, from));
  }
  return Buffer.concat(kept).subarray(-tailBytes - 1);
}

function lastLines(): string {
  const bytes = lastBytes();
  const text = bytes.toString();
  const start = bytes.length > tailBytes ? text.indexOf("\n") + 1 : 0;
  const lines = stripVTControlCharacters(text.slice(start));
  return lines.replace(/\r\n/g, "\n").trimEnd();
}

// A pipe is opened anew, not to block: a write that waits for a reader without end
// would keep this process from ending.
function openStderr(): number {
  try {
    if (!fstatSync(2).isFIFO()) return 2;
    const { O_NONBLOCK, O_WRONLY } = files;
    return openSync("/proc/self/fd/2", O_WRONLY | O_NONBLOCK);
  } catch {
    return 2;
  }
}

function say(text: string): void {
  pass(Buffer.from("supervisor: " + text + "\n"));
}

function pass(chunk: Buffer): void {
  unwritten.push(chunk);
  unwrittenBytes += chunk.length;
  if (!isWriting) writeNext();
}

// Not by process.stderr: that blocks us on a slow terminal, and makes a pipe that
// the child may share non-blocking.
function writeNext(): void {
  const chunk = unwritten.shift();
  isWriting = chunk !== undefined;
  if (chunk === undefined) {
    for (const done of onWritten) done();
    onWritten = [];
    return;
  }
  write(stderr, chunk, (error, bytes) => {
    if (error?.code === "EAGAIN") {
      unwritten.unshift(chunk);
      setTimeout(writeNext, 1);
      return;
    }
    const rest = error ? undefined : chunk.subarray(bytes);
    if (rest?.length) unwritten.unshift(rest);
    unwrittenBytes -= chunk.length - (rest?.length ?? 0);
    // Nobody reads any more: the child is to notice, as it would without us.
    if (error?.code === "EPIPE") onBroken();
    writeNext();
  });
}

function written(): Promise<void> {
  if (!isWriting) return Promise.resolve();
  return new Promise((resolve) => onWritten.push(resolve));
}

`;
