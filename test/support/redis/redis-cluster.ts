import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort } from './free-port.ts';
import { type RedisServer, startRedisServer } from './redis-server.ts';
import { RespError, type RespValue } from './resp.ts';

/** A real cluster of masters, whose nodes can be killed, paused and restarted one by one. */
export interface RedisCluster extends AsyncDisposable {
  readonly ports: readonly number[];
  readonly nodes: readonly RedisServer[];
  /** Sends one command to the node that has its keys; one without keys goes to the first node. */
  command(...args: readonly string[]): Promise<RespValue>;
  /** Ends every node. */
  stop(): Promise<void>;
}

/** Every key belongs to one of so many slots. */
const slotCount = 16_384;

/** How long the nodes may take to agree, in milliseconds. */
const patienceMs = 20_000;

/**
 * Starts a cluster and waits until every node thinks it is whole, which takes 2 s at least: a node waits so long.
 *
 * @param nodeCount How many masters, 1 or more.
 * @param args More settings for every node.
 * @throws Error if a node does not start, or if they do not agree within 20 s.
 */
export async function startRedisCluster(nodeCount = 3, args: readonly string[] = []): Promise<RedisCluster> {
  const started = await Promise.allSettled(Array.from({ length: nodeCount }, () => startNode(args)));
  const members = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const nodes = members.map(({ node }) => node);
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.stop()));
  };
  try {
    for (const result of started) if (result.status === 'rejected') throw result.reason;
    await Promise.all(nodes.map((node, index) => giveSlots(node, index, nodeCount)));
    for (const { node } of members)
      for (const { node: other, busPort } of members)
        if (node !== other) await node.command('CLUSTER', 'MEET', '127.0.0.1', String(other.port), String(busPort));
    await untilWhole(nodes);
  } catch (error) {
    await stop();
    throw error;
  }
  const ports = nodes.map(({ port }) => port);
  return { ports, nodes, command: (...args) => follow(nodes, args), stop, [Symbol.asyncDispose]: stop };
}

/** The nodes talk to each other on a port of their own; that 10000 above the other may be taken, or not exist. */
async function startNode(args: readonly string[]) {
  const busPort = await findFreePort();
  const node = await startRedisServer({
    args: [
      ...['--cluster-enabled', 'yes', '--cluster-port', String(busPort), '--cluster-announce-ip', '127.0.0.1'],
      ...['--cluster-node-timeout', '2000', ...args],
    ],
  });
  return { node, busPort };
}

async function giveSlots(node: RedisServer, index: number, nodeCount: number): Promise<void> {
  const first = Math.floor((index * slotCount) / nodeCount);
  const last = Math.floor(((index + 1) * slotCount) / nodeCount) - 1;
  await node.command('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
  await node.command('CLUSTER', 'ADDSLOTSRANGE', String(first), String(last));
}

async function untilWhole(nodes: readonly RedisServer[]): Promise<void> {
  const wanted = ['cluster_state:ok', `cluster_slots_ok:${slotCount}`, `cluster_known_nodes:${nodes.length}`];
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const views = (await Promise.all(nodes.map((node) => node.command('CLUSTER', 'INFO')))).map(String);
    if (views.every((view) => wanted.every((line) => view.split('\r\n').includes(line)))) return;
    if (performance.now() > giveUpAt)
      throw new Error(`The cluster is not whole after ${patienceMs / 1000} s:\n${views.join('\n')}`);
    await delay(50);
  }
}

async function follow(nodes: readonly RedisServer[], args: readonly string[]): Promise<RespValue> {
  const [first] = nodes;
  if (!first) throw new Error('A cluster without nodes answers nothing.');
  try {
    return await first.command(...args);
  } catch (error) {
    const port = error instanceof RespError ? /^MOVED \d+ \S*:(\d+)/.exec(error.message)?.[1] : undefined;
    const owner = nodes.find((node) => String(node.port) === port);
    if (!owner) throw error;
    return owner.command(...args);
  }
}
