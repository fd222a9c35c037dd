import { type BreakerOptions, type CircuitBreaker, createBreaker } from 'agent-circuit-breaker';
import { type RedisClient, type RedisFleetOptions, redisFleet } from 'agent-circuit-breaker/redis';
import { expect, vi } from 'vitest';
import { type RedisLibrary, redisClients } from '../../support/redis/clients.ts';

/** A client, and how to be rid of it. */
export interface OpenClient {
  readonly client: RedisClient;
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
  const { client, close } = await connect();
  const heard: string[] = [];
  const breaker = createBreaker({
    ...{ ...shortWait, name: 'model', ...options },
    onOpen: () => heard.push('open'),
    onClose: () => heard.push('closed'),
    onHalfOpen: () => heard.push('halfOpen'),
    fleet: redisFleet({
      ...{ client, pollInterval: 500, prefix: 'test:' },
      ...fleet,
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
    ...{ client, breaker, heard, fail },
    succeed: () => breaker.call(async () => 'fine').catch((error: unknown) => error),
    [Symbol.asyncDispose]: async () => {
      breaker.stop();
      await close();
    },
  };
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
