import { createBreaker } from 'agent-circuit-breaker';
import type { Fleet } from 'agent-circuit-breaker/redis';
import { longWaitMs, outOfReach } from '../library.ts';
import { compareOverheads, type Effort, timeCalls } from '../measure.ts';
import { judge, type Row } from '../rows.ts';
import { type Column, clientLibraries, connectNode } from './column.ts';

const succeed = async () => 'answer';
const fail = async () => {
  throw new Error('down');
};

/** A successful call through a closed circuit. */
export function measureFleetSuccess(url: string, effort: Effort): Promise<Row<Column>> {
  return compareColumns(url, 'successful call, closed', 1.2, effort, async (fleet) => {
    const breaker = createBreaker({ name: 'closed', failureThreshold: outOfReach, fleet });
    await breaker.ready;
    return { call: () => breaker.call(succeed), stop: () => breaker.stop() };
  });
}

/** A call that an open circuit rejects; what is left out is the call that would have succeeded. */
export function measureFleetRejection(url: string, effort: Effort): Promise<Row<Column>> {
  return compareColumns(url, 'rejection, open', 1.1, effort, async (fleet) => {
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
  name: string,
  limit: number,
  effort: Effort,
  prepare: (fleet: Fleet | undefined) => Promise<Prepared>,
): Promise<Row<Column>> {
  const contestants: (Prepared & { readonly name: Column })[] = [{ name: 'no fleet', ...(await prepare(undefined)) }];
  const closers: (() => void)[] = [];
  for (const library of clientLibraries) {
    const { fleet, close } = await connectNode(library, url, { prefix: `${library} ${name}:` });
    contestants.push({ name: library, ...(await prepare(fleet)) });
    closers.push(close);
  }
  const overheads = await compareOverheads(contestants, () => succeed(), effort);
  for (const { stop } of contestants) stop();
  for (const close of closers) close();
  const values = new Map([...overheads].map(([column, ns]) => [column, [ns]]));
  return { name, unit: 'ns', values, goals: [comparedWithNone(values, limit)] };
}

/** The dearer of the libraries beside a breaker that is in no fleet. */
export function comparedWithNone(values: Row<Column>['values'], limit: number) {
  const none = Number(values.get('no fleet')?.[0]);
  const most = Math.max(...clientLibraries.map((library) => Number(values.get(library)?.[0])));
  return judge(`at most ${limit} x no fleet`, most / none, limit);
}
