/** An error that Redis answered with. */
export class RespError extends Error {
  override readonly name = 'RespError';
}

/** What Redis answers; an error inside of a list is a value of it. */
export type RespValue = string | number | null | RespError | readonly RespValue[];

/** Puts a command into the words of the protocol: a list of strings. */
export function toRespCommand(args: readonly string[]): string {
  return `*${args.length}\r\n${args.map((arg) => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`).join('')}`;
}

/**
 * Reads answers of version 2 of the [protocol](https://redis.io/docs/latest/develop/reference/protocol-spec/), which
 * arrive in pieces.
 *
 * @returns A function that takes the next piece and gives the answers that are whole with it.
 * @throws Error, from that function, if a piece is not of the protocol.
 */
export function createRespReader(): (piece: Buffer) => readonly RespValue[] {
  let bytes = Buffer.alloc(0);
  return (piece) => {
    bytes = Buffer.concat([bytes, piece]);
    const values: RespValue[] = [];
    for (let found = readValue(bytes, 0); found; found = readValue(bytes, 0)) {
      values.push(found.value);
      bytes = bytes.subarray(found.end);
    }
    return values;
  };
}

/** A value, and where in the bytes the next one begins. */
interface Found {
  readonly value: RespValue;
  readonly end: number;
}

/** Reads the value that begins there; undefined if it is not whole yet. */
function readValue(bytes: Buffer, start: number): Found | undefined {
  const lineEnd = bytes.indexOf('\r\n', start);
  if (lineEnd < 0) return undefined;
  const line = bytes.toString('utf8', start + 1, lineEnd);
  const end = lineEnd + 2;
  const mark = bytes.toString('utf8', start, start + 1);
  if (mark === '+') return { value: line, end };
  if (mark === '-') return { value: new RespError(line), end };
  if (mark === ':') return { value: Number(line), end };
  if (mark === '$') return readString(bytes, end, Number(line));
  if (mark === '*') return readList(bytes, end, Number(line));
  throw new Error(`Redis answered something that is not of its protocol: ${mark}${line}`);
}

function readString(bytes: Buffer, start: number, length: number): Found | undefined {
  if (length < 0) return { value: null, end: start };
  const end = start + length;
  return bytes.length < end + 2 ? undefined : { value: bytes.toString('utf8', start, end), end: end + 2 };
}

function readList(bytes: Buffer, start: number, length: number): Found | undefined {
  if (length < 0) return { value: null, end: start };
  const value: RespValue[] = [];
  let end = start;
  for (let index = 0; index < length; index++) {
    const found = readValue(bytes, end);
    if (!found) return undefined;
    value.push(found.value);
    end = found.end;
  }
  return { value, end };
}
