import { setTimeout as delay } from 'node:timers/promises';
import { createBreaker } from 'agent-circuit-breaker';
import type { RedisServer } from '../../support/redis/redis-server.ts';
import { timeCalls } from '../measuring/turns.ts';
import { type Figures, judge } from '../row.ts';
import { type ClientLibrary, type Column, clientLibraries } from './column.ts';
import { connectNode } from './fleet-node.ts';

/** How often a breaker asks unless it is told otherwise, in ms. */
const usualPollMs = 10_000;

/** How often it asks while that is measured, and for how long, in ms. */
const poll = { everyMs: 25, forMs: 1_500 };

/** What the server had to do, by commands. */
interface Load {
  /** Scripts that were run. */
  readonly scripts: number;
  /** Commands of any kind, those within scripts included. */
  readonly commands: number;
}

/** Commands that healthy calls send, without the questions that a breaker asks from time to time. */
export async function measureCallCommands(server: RedisServer): Promise<Figures<Column>> {
  const calls = 1_000;
  const values = new Map<Column, readonly number[]>();
  for (const library of clientLibraries) {
    const { commands } = await observe(server, library, usualPollMs, async (call) => {
      await timeCalls(call, calls);
      await delay(50);
    });
    values.set(library, [commands]);
  }
  const most = Math.max(...[...values.values()].flat());
  return { unit: '', values, goals: [judge('none', most, 0, '')] };
}

/**
 * What an idle breaker asks: measured with a short `pollInterval`, and told for the usual one.
 *
 * @returns Scripts in a minute, and commands in each.
 */
export async function measurePolls(server: RedisServer): Promise<readonly Figures<Column>[]> {
  const perMinute = new Map<Column, readonly number[]>();
  const inEach = new Map<Column, readonly number[]>();
  for (const library of clientLibraries) {
    const { scripts, commands } = await observe(server, library, poll.everyMs, () => delay(poll.forMs));
    perMinute.set(library, [(scripts * 60_000 * poll.everyMs) / poll.forMs / usualPollMs]);
    inEach.set(library, [commands / Math.max(1, scripts)]);
  }
  const most = Math.max(...[...perMinute.values()].flat());
  return [
    { unit: '', values: perMinute, goals: [judge('at most 10', most, 10, '')] },
    { unit: '', values: inEach, goals: [] },
  ];
}

/** What the server has to do for one breaker while something happens. */
async function observe(
  server: RedisServer,
  library: ClientLibrary,
  pollInterval: number,
  happen: (call: () => Promise<unknown>) => Promise<unknown>,
): Promise<Load> {
  const { fleet, close } = await connectNode(library, server.url, {
    prefix: `commands ${pollInterval}:`,
    pollInterval,
  });
  const breaker = createBreaker({ name: library, fleet });
  await breaker.ready;
  // The listening connection is made at the same time, and is not yet at rest.
  await delay(100);
  const before = await readLoad(server);
  await happen(() => breaker.call(async () => 'answer'));
  const after = await readLoad(server);
  breaker.stop();
  close();
  return { scripts: after.scripts - before.scripts, commands: after.commands - before.commands };
}

/** The server's own count, without the commands that ask for it. */
async function readLoad(server: RedisServer): Promise<Load> {
  const text = String(await server.command('INFO', 'commandstats'));
  const counts = [...text.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)].map(([, name = '', calls]) => ({
    name,
    calls: Number(calls),
  }));
  const sum = (isMeant: (name: string) => boolean) =>
    counts.filter(({ name }) => isMeant(name)).reduce((total, { calls }) => total + calls, 0);
  return { scripts: sum((name) => name.startsWith('eval')), commands: sum((name) => name !== 'info') };
}
