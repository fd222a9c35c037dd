import { jsonIn } from '../llm/json-in-text.ts';
import { systemClock } from '../platform/clock.ts';
import { readableBodyOf } from './with-body.ts';

const longestBodyBytes = 65_536;
const longestWaitMs = 1_000;
/** In characters. */
const longestSentence = 1_000;

/**
 * Reads what the body of an error says, which tells an exhausted quota from a burst. One of more than 64 KiB is not read,
 * and none for longer than a second; the response itself stays unread.
 *
 * @returns The parsed JSON, or the text of a short body that is neither that nor a page; undefined where there is none.
 */
export async function readErrorBody(response: Response): Promise<unknown> {
  if (!readableBodyOf(response)) return undefined;
  try {
    const reader = response.clone().body?.getReader();
    if (!reader) return undefined;
    const text = await readText(reader);
    return jsonIn(text) ?? plainText(text);
  } catch {
    // A body that breaks off says nothing; whoever reads the response sees it.
    return undefined;
  }
}

/** Gateways answer in a sentence. */
function plainText(text: string): string | undefined {
  const sentence = text.trim();
  return sentence !== '' && sentence.length <= longestSentence && !sentence.startsWith('<') ? sentence : undefined;
}

async function readText(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let timer: unknown;
  const timeUp = new Promise<undefined>((resolve) => {
    // Our own patience, and no deadline of the user's: it ends where the breaker's clock stands still, too.
    timer = systemClock.setTimeout(() => resolve(undefined), longestWaitMs);
  });
  try {
    let byteCount = 0;
    while (byteCount <= longestBodyBytes) {
      const read = reader.read();
      const part = await Promise.race([read, timeUp]);
      // What comes too late is of no interest.
      if (!part) read.catch(() => {});
      if (!part || part.done) return text;
      byteCount += part.value.byteLength;
      text += decoder.decode(part.value, { stream: true });
    }
    return '';
  } finally {
    systemClock.clearTimeout(timer);
    reader.cancel().catch(() => {});
  }
}
