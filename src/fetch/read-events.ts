/** One server-sent event. */
export interface ServerSentEvent {
  /** Its name; `'message'` where it has none. */
  readonly event: string;
  /** Its data, lines joined by line feeds. */
  readonly data: string;
}

/** Longer lines are let through unread: whoever sends them sends no chat. In characters. */
const longestLine = 4_000_000;

/**
 * Reads the events out of the bytes of a stream, however they are cut into chunks.
 * See https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export class EventReader {
  readonly #onEvent: (event: ServerSentEvent) => void;
  readonly #decoder = new TextDecoder();
  /** The beginning of a line, in the pieces in which it came: a long line is not to be copied for each of them. */
  #line: string[] = [];
  #lineLength = 0;
  #event = '';
  #data: string[] = [];
  #hasData = false;

  constructor(onEvent: (event: ServerSentEvent) => void) {
    this.#onEvent = onEvent;
  }

  /**
   * Takes the next bytes.
   *
   * @returns Whether they have data, or a part of it: comments, pings and blank lines have none.
   */
  take(chunk: Uint8Array): boolean {
    this.#hasData = false;
    this.#read(this.#decoder.decode(chunk, { stream: true }));
    return this.#hasData;
  }

  /** Takes the end; an event that lacks only its empty line is taken for one, as the SDKs do. */
  end(): void {
    this.#read(`${this.#decoder.decode()}\n\n`);
  }

  #read(piece: string): void {
    const mayEndLine = /[\r\n]/.test(piece) || this.#line.at(-1)?.endsWith('\r') === true;
    if (!mayEndLine) {
      this.#keep(piece);
      return;
    }
    const text = this.#line.join('') + piece;
    const lineEnd = /\r\n|\n|\r/g;
    let start = 0;
    for (let match = lineEnd.exec(text); match; match = lineEnd.exec(text)) {
      // The line feed that belongs to it may be in the next piece.
      if (match[0] === '\r' && lineEnd.lastIndex === text.length) break;
      this.#readLine(text.slice(start, match.index));
      start = lineEnd.lastIndex;
    }
    this.#line = [];
    this.#lineLength = 0;
    this.#keep(text.slice(start));
  }

  #keep(piece: string): void {
    if (piece === '') return;
    this.#lineLength += piece.length;
    if (this.#lineLength > longestLine) this.#line = [];
    else this.#line.push(piece);
    this.#hasData ||= this.#event !== 'ping' && /^data:\s*\S/.test(this.#line[0] ?? '') && /\S/.test(piece);
  }

  #readLine(line: string): void {
    if (line === '') {
      this.#dispatch();
      return;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#event = value;
    if (field !== 'data') return;
    this.#data.push(value);
    this.#hasData ||= !isPing({ event: this.#event, data: value });
  }

  #dispatch(): void {
    const event = this.#event;
    const data = this.#data;
    this.#event = '';
    this.#data = [];
    if (data.length > 0) this.#onEvent({ event: event === '' ? 'message' : event, data: data.join('\n') });
  }
}

const pings = /^(?:ping|keep-?alive|heartbeat)$/i;
const dataOfPing =
  /^\s*(?:(?:ping|keep-?alive|heartbeat)\s*|\{\s*"type"\s*:\s*"(?:ping|keep-?alive|heartbeat)".{0,60})?$/i;

/** Tells whether an event only says that somebody is there still. */
export function isPing({ event, data }: ServerSentEvent): boolean {
  return pings.test(event) || (data.length < 100 && dataOfPing.test(data));
}
