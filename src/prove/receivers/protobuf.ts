/** Reads the protobuf wire format by field number: enough to count and name what an OTLP body carries, without its schema. */

/** One field of a message: its number, and its bytes when it is length-delimited (a string, bytes or a nested message). */
export interface Field {
  number: number;
  bytes?: Uint8Array;
}

/**
 * The fields of one encoded message, in order; scalars are skipped over and come without bytes.
 * @throws {RangeError} when the bytes are not a whole message
 */
export function* fieldsOf(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = message[at++];
      if (byte === undefined) throw new RangeError("protobuf message ends inside a number");
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  };
  const skip = (count: number): Uint8Array => {
    const end = at + count;
    if (end > message.length) throw new RangeError("protobuf message ends inside a field");
    const bytes = message.subarray(at, end);
    at = end;
    return bytes;
  };
  while (at < message.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        varint();
        yield { number };
        break;
      case 1:
        skip(8);
        yield { number };
        break;
      case 2:
        yield { number, bytes: skip(varint()) };
        break;
      case 5:
        skip(4);
        yield { number };
        break;
      default:
        throw new RangeError(`protobuf wire type ${tag % 8} is not used any more`);
    }
  }
}

/** Every length-delimited field reached by following the field numbers of `path` down from `message`. */
export function nested(message: Uint8Array, path: readonly number[]): Uint8Array[] {
  let level = [message];
  for (const number of path) {
    level = level.flatMap((bytes) =>
      [...fieldsOf(bytes)].flatMap((field) => (field.number === number && field.bytes ? [field.bytes] : [])),
    );
  }
  return level;
}

/** The string at the end of `path`, the last one when it is repeated, or `undefined` when there is none. */
export function text(message: Uint8Array, path: readonly number[]): string | undefined {
  const bytes = nested(message, path).at(-1);
  return bytes && new TextDecoder().decode(bytes);
}
