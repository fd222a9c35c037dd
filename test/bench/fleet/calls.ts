import { createBreaker } from 'agent-circuit-breaker';
import type { Fleet } from 'agent-circuit-breaker/redis';
import { medians } from '../figures.ts';
import { longWaitMs, outOfReach } from '../libraries/library.ts';
import { compareOverheads, type Effort } from '../measuring/rounds.ts';
import { awaited, timeCalls } from '../measuring/turns.ts';
import { type Figures, judge } from '../row.ts';
import { type Column, clientLibraries } from './column.ts';
import { connectNode } from './fleet-node.ts';

const succeed = async () => 'answer';
const fail = async () => {
  throw new Error('down');
};

/** A successful call through a closed circuit. */
export function measureFleetSuccess(url: string, effort: Effort): Promise<Figures<Column>> {
  return compareColumns(url, 1.2, effort, async (fleet) => {
    const breaker = createBreaker({ name: 'closed', failureThreshold: outOfReach, fleet });
    await breaker.ready;
    return { call: () => breaker.call(succeed), stop: () => breaker.stop() };
  });
}

/** A call that an open circuit rejects; what is left out is the call that would have succeeded. */
export function measureFleetRejection(url: string, effort: Effort): Promise<Figures<Column>> {
  return compareColumns(url, 1.1, effort, async (fleet) => {
    const breaker = createBreaker({ name: 'open', failureThreshold: 1, recoveryTimeout: longWaitMs, fleet });
    await breaker.ready;
    await timeCalls(() => breaker.call(fail), 1);
    return { call: () => breaker.call(succeed), stop: () => breaker.stop() };
  });
}

/** A breaker, prepared to be called. */
interface Prepared {
  readonly call: () => Promise<unknown>;
  readonly stop: () => void;
}

async function compareColumns(
  url: string,
  limit: number,
  effort: Effort,
  prepare: (fleet: Fleet | undefined) => Promise<Prepared>,
): Promise<Figures<Column>> {
  const contestants: (Prepared & { readonly name: Column })[] = [{ name: 'no fleet', ...(await prepare(undefined)) }];
  const closers: (() => void)[] = [];
  for (const library of clientLibraries) {
    const { fleet, close } = await connectNode(library, url, { prefix: `${library}:` });
    contestants.push({ name: library, ...(await prepare(fleet)) });
    closers.push(close);
  }
  const turns = contestants.map(({ name, call }) => ({ name, turn: awaited(call) }));
  const values = medians(
    await compareOverheads(
      turns,
      awaited(() => succeed()),
      effort,
    ),
  );
  for (const { stop } of contestants) stop();
  for (const close of closers) close();
  return { unit: 'ns', values, goals: [comparedWithNone(values, limit)] };
}

/** The dearer of the libraries beside a breaker that is in no fleet. */
export function comparedWithNone(values: Figures<Column>['values'], limit: number) {
  const none = Number(values.get('no fleet')?.[0]);
  const most = Math.max(...clientLibraries.map((library) => Number(values.get(library)?.[0])));
  return judge(`at most ${limit} x no fleet`, most / none, limit);
}
