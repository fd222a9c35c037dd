import { expect } from 'vitest';
import type { Fault, Provider } from '../../examples/provider/index.ts';
import { rejectionOf } from '../provider/vendors.ts';
import { pass, secondsSince, speed } from './fast-clock.ts';

/** What is going on, and who is asked. */
export interface Scene {
  /** The preferred provider. */
  readonly first: Provider;
  /** The one that takes its place. */
  readonly second: Provider;
  readonly ask: () => Promise<string>;
}

/** Something that a provider does to its clients, and what is to become of it. */
export interface Situation {
  /** Its number in FailoverBench. */
  readonly id: string;
  readonly title: string;
  play(scene: Scene): Promise<void>;
}

/** The text of a good answer, by whoever gives it. */
export const replies = { first: 'The first one answers this.', second: 'Its stand-in answers that.' } as const;

/** One call, which the second provider has to save within so many seconds, after at most so many requests to the first. */
function saved(fault: Fault, { within = 30, requests = 3 } = {}) {
  return async ({ first, second, ask }: Scene) => {
    first.setFault(fault);
    const at = Date.now();
    expect(await ask()).toBe(replies.second);
    expect(secondsSince(at)).toBeLessThan(within);
    expect([first.requestCount <= requests, second.requestCount]).toEqual([true, 1]);
  };
}

/** One call, which the first provider answers in the end, when it has been left alone for so many seconds. */
function waitedFor(fault: Fault, seconds: number) {
  return async ({ first, second, ask }: Scene) => {
    first.answerWith(fault);
    expect(await ask()).toBe(replies.first);
    const [asked, again] = first.requests;
    expect(((again?.at ?? 0) - (asked?.at ?? 0)) * (speed / 1_000)).toBeGreaterThan(seconds - 0.1);
    expect([first.requestCount, second.requestCount]).toEqual([2, 0]);
  };
}

async function refuses({ first, second, ask }: Scene): Promise<void> {
  await first.stop();
  expect(await ask()).toBe(replies.second);
  expect(second.requestCount).toBe(1);
}

async function isWrong({ first, second, ask }: Scene): Promise<void> {
  first.setFault({ kind: 'status', status: 400, code: 'invalid_value', message: 'There is no such parameter.' });
  expect(await rejectionOf(ask())).toBeInstanceOf(Error);
  expect([first.requestCount, second.requestCount]).toEqual([1, 0]);
}

async function hasWrongKey({ first, second, ask }: Scene): Promise<void> {
  first.setFault({ kind: 'status', status: 401, code: 'invalid_api_key' });
  for (let call = 0; call < 3; call++) expect(await ask()).toBe(replies.second);
  expect([first.requestCount, second.requestCount]).toEqual([1, 3]);
}

/** A minute without the first provider, with a call every four seconds, and then half a minute to come back to it. */
async function isDownForAMinute({ first, ask }: Scene): Promise<void> {
  first.setFault({ kind: 'status', status: 503 });
  for (let call = 0; call < 15; call++) {
    expect(await ask()).toBe(replies.second);
    await pass(4);
  }
  expect(first.requestCount).toBeLessThanOrEqual(15);
  first.setFault(undefined);
  const at = Date.now();
  while ((await ask()) !== replies.first) await pass(2);
  expect(secondsSince(at)).toBeLessThan(30);
}

/** Sixteen of them, in our own words. */
export const situations: readonly Situation[] = [
  {
    id: 'S01',
    title: 'asks for two seconds of patience (429), and is well again after them',
    play: waitedFor({ kind: 'status', status: 429, headers: { 'retry-after': '2' } }, 2),
  },
  { id: 'S02', title: 'fails with every request (500)', play: saved({ kind: 'status', status: 500 }) },
  { id: 'S03', title: 'fails once (503), and is well again', play: waitedFor({ kind: 'status', status: 503 }, 0.375) },
  { id: 'S04', title: 'refuses connections', play: refuses },
  { id: 'S05', title: 'resets connections', play: saved({ kind: 'connectionReset' }) },
  { id: 'S06', title: 'never sends headers', play: saved({ kind: 'noHeaders' }, { within: 15, requests: 1 }) },
  {
    id: 'S07',
    title: 'sends its first byte after twenty seconds',
    play: saved({ kind: 'slowHeaders', delayMs: 20_000 / speed }, { within: 15, requests: 1 }),
  },
  {
    id: 'S08',
    title: 'breaks off in the middle, by a reset connection',
    play: saved({ kind: 'cutOff', afterChunks: 2, abrupt: true }),
  },
  { id: 'S09', title: 'falls silent in the middle', play: saved({ kind: 'stall', afterChunks: 2 }, { within: 15 }) },
  { id: 'S10', title: 'ends in the middle, as if it were the end', play: saved({ kind: 'cutOff', afterChunks: 2 }) },
  { id: 'S11', title: 'answers with nothing', play: saved({ kind: 'empty' }) },
  {
    id: 'S12',
    title: 'cannot take so long a prompt',
    play: saved({ kind: 'status', status: 400, code: 'context_length_exceeded' }, { requests: 1 }),
  },
  { id: 'S13', title: 'is asked something wrong', play: isWrong },
  { id: 'S14', title: 'tells an error in the middle', play: saved({ kind: 'streamError', afterChunks: 2 }) },
  { id: 'S15', title: 'is down for a minute', play: isDownForAMinute },
  { id: 'S16', title: 'does not know the key', play: hasWrongKey },
];
