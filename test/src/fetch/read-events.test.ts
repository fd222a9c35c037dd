import { describe, expect, it } from 'vitest';
import { EventReader, type ServerSentEvent } from '../../../src/fetch/read-events.ts';

const stream =
  '\uFEFF: a comment\ndata: one\n\nevent: named\r\ndata:two\r\ndata:  lines ÿ 🦊\r\n\r\nid: 7\r\rdata\n\ndata: last';
const events = [
  { event: 'message', data: 'one' },
  { event: 'named', data: 'two\n lines ÿ 🦊' },
  { event: 'message', data: '' },
  { event: 'message', data: 'last' },
];

function read(text: string, chunkLength: number): readonly ServerSentEvent[] {
  const found: ServerSentEvent[] = [];
  const reader = new EventReader((event) => found.push(event));
  const bytes = new TextEncoder().encode(text);
  for (let start = 0; start < bytes.length; start += chunkLength)
    reader.take(bytes.subarray(start, start + chunkLength));
  reader.end();
  return found;
}

describe('EventReader', () => {
  it.each([1, 2, 3, 5, 8, 1_000])('reads the same events from chunks of %i bytes', (chunkLength) => {
    expect(read(stream, chunkLength)).toEqual(events);
  });

  it('lets an event through unread that never ends, in time that grows with its length', () => {
    const startedAt = performance.now();
    expect(read(`data: ${'x'.repeat(6_000_000)}\n\ndata: next\n\n`, 16_384).at(-1)).toEqual({
      event: 'message',
      data: 'next',
    });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
