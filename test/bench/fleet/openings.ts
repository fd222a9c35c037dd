import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { RedisServer } from '../../support/redis/redis-server.ts';
import { type Figures, judge } from '../row.ts';
import { type ClientLibrary, type Column, clientLibraries } from './column.ts';
import type { NodesSetup, Order, Reply } from './order.ts';

/** How many nodes there are, and how often their circuit is opened. */
export interface OpeningEffort {
  readonly processes: number;
  readonly nodesOfEach: number;
  readonly openings: number;
}

/** A process of nodes. */
interface NodesProcess {
  ask(order: Order): Promise<number>;
  end(): Promise<unknown>;
}

/** Openings that only warm up. */
const warmUps = 5;

/**
 * The time from the opening by which the quorum of two is reached to the last node's first rejection. The libraries take
 * turns, and each opening comes from other nodes.
 *
 * @param file - What the processes run.
 * @returns The median and the 99th percentile.
 */
export async function measureOpenings(
  server: RedisServer,
  file: URL,
  effort: OpeningEffort,
): Promise<readonly Figures<Column>[]> {
  const { processes: size, nodesOfEach, openings } = effort;
  const setup: NodesSetup = { url: server.url, count: nodesOfEach };
  const processes = await Promise.all(Array.from({ length: size }, () => startNodes(file, setup)));
  const samples = new Map<Column, number[]>(clientLibraries.map((library) => [library, []]));
  for (let round = 0; round < openings + warmUps; round++)
    for (const library of clientLibraries) {
      const ms = await timeOpening(server, processes, library, round, nodesOfEach);
      if (round >= warmUps) samples.get(library)?.push(ms);
    }
  await Promise.all(processes.map((nodes) => nodes.end()));
  return [atShare(samples, 0.5, 10), atShare(samples, 0.99, 50)];
}

async function timeOpening(
  { command }: RedisServer,
  processes: readonly NodesProcess[],
  library: ClientLibrary,
  round: number,
  nodesOfEach: number,
): Promise<number> {
  const tell = async (offset: number, action: Order['action']) => {
    const index = Math.floor(round / processes.length) % nodesOfEach;
    return Number(await processes[(round + offset) % processes.length]?.ask({ action, library, index }));
  };
  const tellAll = (action: Order['action']) =>
    Promise.all(processes.map((nodes) => nodes.ask({ action, library, index: 0 })));
  await tell(0, 'open');
  while ((await command('ZCARD', `${library}:{model}:votes`)) !== 1) await delay(1);
  const openedAt = await tell(1, 'open');
  const rejectedAt = Math.max(...(await tellAll('awaitRejections')));
  await tell(1, 'reset');
  await tellAll('awaitClosed');
  return rejectedAt - openedAt;
}

function atShare(samples: ReadonlyMap<Column, readonly number[]>, share: number, limit: number): Figures<Column> {
  const pick = (numbers: readonly number[]) =>
    [...numbers].sort((a, b) => a - b)[Math.ceil(share * numbers.length) - 1] ?? Number.NaN;
  const values = new Map(
    [...samples].map(([column, numbers]): [Column, readonly number[]] => [column, [pick(numbers)]]),
  );
  const most = Math.max(...[...values.values()].flat());
  return { unit: 'ms', values, goals: [judge(`at most ${limit} ms`, most, limit, ' ms')] };
}

async function startNodes(file: URL, setup: NodesSetup): Promise<NodesProcess> {
  const child = fork(file, { execArgv: [] });
  const ended = once(child, 'exit');
  const questions = new Map<number, (at: number) => void>();
  let count = 0;
  child.on('message', ({ id, at }: Reply) => {
    questions.get(id)?.(at);
    questions.delete(id);
  });
  const answerTo = (id: number) =>
    new Promise<number>((resolve, reject) => {
      questions.set(id, resolve);
      ended.then(() => reject(new Error('A process of nodes has ended too early.')), reject);
    });
  const ready = answerTo(0);
  child.send(setup);
  await ready;
  return {
    ask: (order) => {
      const answer = answerTo(++count);
      child.send({ ...order, id: count });
      return answer;
    },
    end: () => {
      child.disconnect();
      return ended;
    },
  };
}
