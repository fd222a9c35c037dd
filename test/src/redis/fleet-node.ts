import { setTimeout as delay } from 'node:timers/promises';
import { type BreakerOptions, type CircuitBreaker, createBreaker } from 'agent-circuit-breaker';
import { type RedisClient, type RedisFleetOptions, redisFleet } from 'agent-circuit-breaker/redis';
import { expect, vi } from 'vitest';
import { flushMicrotasks } from '../../support/calls.ts';
import { type RedisLibrary, redisClients } from '../../support/redis/clients.ts';
import type { RedisServer } from '../../support/redis/redis-server.ts';
import { type ClientWatch, watchClient } from './watch-client.ts';

/** A client, and how to be rid of it. */
export interface OpenClient {
  readonly client: RedisClient;
  /** Reads a key; the answer comes after those to all that was sent before. */
  get(key: string): Promise<unknown>;
  close(): Promise<void>;
}

/** What the nodes of a test are made of. */
export interface NodeSettings {
  readonly connect: () => Promise<OpenClient>;
  readonly fleet?: Partial<Omit<RedisFleetOptions, 'client'>>;
  readonly breaker?: BreakerOptions;
}

/** One process of a fleet, as far as the fleet can tell: a client and a breaker of its own. */
export interface FleetNode extends AsyncDisposable {
  readonly client: RedisClient;
  readonly breaker: CircuitBreaker;
  /** The states that the callbacks have told, in order, and what befell the connection. */
  readonly heard: string[];
  /** What its fleet does with its client. */
  readonly watch: ClientWatch;
  /** The channel on which its fleet publishes what is new. */
  readonly channel: string;
  /** Settles when all that the node has asked until now has been answered, or has come to nothing. */
  untilAnswered(): Promise<void>;
  /** Makes so many calls that fail. */
  fail(times?: number, error?: unknown): Promise<void>;
  /** Makes a call that goes well; what it rejects with otherwise. */
  succeed(): Promise<unknown>;
}

/** Connects by the first of the libraries, where it does not matter which. */
export function connectTo(url: string, options?: Parameters<RedisLibrary['connect']>[1]): () => Promise<OpenClient> {
  return async () => {
    const [library] = redisClients;
    if (!library) throw new Error('There is no library to connect by.');
    return library.connect(url, options);
  };
}

/** The prefix of the keys of one test. */
export const newPrefix = () => `test-${crypto.randomUUID()}:`;

/** Fails twice to open, waits for a while. */
export const shortWait: BreakerOptions = { failureThreshold: 2, recoveryTimeout: 400, onCallbackError: () => {} };

/** Waits until an assertion holds, or a function gives something other than false; a loaded machine may take long. */
export function eventually<T>(check: () => T | Promise<T>, timeout = 8000): Promise<T> {
  return vi.waitFor(
    async () => {
      const result = await check();
      if (result === false) throw new Error(`It is still not so: ${check}`);
      return result;
    },
    { timeout, interval: 5 },
  );
}

/** Keeps calling until a call goes well. */
export async function untilCallGoesWell({ succeed }: FleetNode, timeout?: number): Promise<void> {
  await eventually(async () => expect(await succeed()).toBe('fine'), timeout);
}

/** Starts a node; waits until it has heard of its fleet. */
export async function startNode({ connect, fleet = {}, breaker: options = {} }: NodeSettings): Promise<FleetNode> {
  const { client, get, close } = await connect();
  const watch = watchClient(client);
  const { prefix = 'test:' } = fleet;
  const heard: string[] = [];
  const breaker = createBreaker({
    ...{ ...shortWait, name: 'model', ...options },
    onOpen: () => heard.push('open'),
    onClose: () => heard.push('closed'),
    onHalfOpen: () => heard.push('halfOpen'),
    fleet: redisFleet({
      ...{ client, pollInterval: 500 },
      ...{ ...fleet, prefix },
      onConnected: () => {
        heard.push('connected');
        return fleet.onConnected?.();
      },
      onDisconnected: (error) => {
        heard.push('disconnected');
        return fleet.onDisconnected?.(error);
      },
    }),
  });
  await breaker.ready;
  const fail = async (times = 2, error: unknown = new Error('overloaded')) => {
    for (let count = 0; count < times; count++) await breaker.call(() => Promise.reject(error)).catch(() => {});
  };
  return {
    ...{ client, breaker, heard, watch, channel: `${prefix}news`, fail },
    untilAnswered: async () => {
      await get(`${prefix}{model}:marker`).catch(() => {});
      await flushMicrotasks();
    },
    succeed: () => breaker.call(async () => 'fine').catch((error: unknown) => error),
    [Symbol.asyncDispose]: async () => {
      breaker.stop();
      await close();
    },
  };
}

/** How long the first questions after a break, which come one after the other, are apart at the most, and more, in ms. */
const spreadMs = 5;

/**
 * Settles when nothing is on its way any more between the server and nodes that are connected to it: what they have
 * asked is answered, what was published has been heard, and so is what has followed from that. What only time brings,
 * such as a poll, is not waited for.
 */
export async function untilSettled(
  server: Pick<RedisServer, 'command'>,
  ...nodes: readonly FleetNode[]
): Promise<void> {
  const countAnswers = () => nodes.reduce((sum, { watch }) => sum + watch.answered.length + watch.failed.length, 0);
  for (let before = -1, rounds = 0; before !== countAnswers() || rounds < 2; rounds++) {
    before = countAnswers();
    await Promise.all(nodes.map((node) => node.untilAnswered()));
    await untilHeard(server, nodes);
    await delay(spreadMs);
    await Promise.all(nodes.map((node) => node.untilAnswered()));
  }
}

/** A connection hears what is published in its order: after the marker, nothing from before it will come. */
async function untilHeard({ command }: Pick<RedisServer, 'command'>, nodes: readonly FleetNode[]): Promise<void> {
  const marker = crypto.randomUUID();
  await eventually(async () => {
    // Again and again, for those who listen anew.
    for (const channel of new Set(nodes.map((node) => node.channel))) await command('PUBLISH', channel, marker);
    await flushMicrotasks();
    expect(nodes.filter(({ watch }) => !watch.received.includes(marker))).toEqual([]);
  });
}

/** Waits until nodes have asked something so many times more, and have been answered: by polls, where nothing else asks. */
export async function untilAsked(times: number, ...nodes: readonly FleetNode[]): Promise<void> {
  const wanted = nodes.map(({ watch }) => watch.answered.length + times);
  await eventually(() => nodes.every(({ watch }, index) => watch.answered.length >= Number(wanted[index])));
}

/** How many half-open slots the fleet has lent to a node. */
export function leasesOf({ breaker }: FleetNode): number {
  return breaker.actor.getSnapshot().context.fleet?.leases.length ?? 0;
}

/** Several nodes of one fleet. */
export interface FleetNodes extends AsyncDisposable {
  readonly nodes: readonly FleetNode[];
  /** Waits until every node is in a state. */
  reach(state: CircuitBreaker['state'], ...nodes: readonly FleetNode[]): Promise<void>;
  /** The first three; a test that asks for more than there are fails. */
  readonly a: FleetNode;
  readonly b: FleetNode;
  readonly c: FleetNode;
}

/** Starts several nodes, one after the other. */
export async function startNodes(count: number, settings: NodeSettings): Promise<FleetNodes> {
  const shared = { ...settings, fleet: { prefix: newPrefix(), ...settings.fleet } };
  const nodes: FleetNode[] = [];
  for (let index = 0; index < count; index++) nodes.push(await startNode(shared));
  const node = (index: number): FleetNode => {
    const found = nodes[index];
    if (!found) throw new Error(`There are but ${count} nodes.`);
    return found;
  };
  return {
    nodes,
    reach: async (state, ...some) => {
      const all = some.length > 0 ? some : nodes;
      await eventually(() => expect(all.map(({ breaker }) => breaker.state)).toEqual(all.map(() => state)));
    },
    get a() {
      return node(0);
    },
    get b() {
      return node(1);
    },
    get c() {
      return node(2);
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(nodes.map((each) => each[Symbol.asyncDispose]()));
    },
  };
}
