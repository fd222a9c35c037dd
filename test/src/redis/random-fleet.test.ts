import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type RedisServer, startRedisServer } from '../../support/redis/redis-server.ts';
import { runs } from '../../support/runs.ts';
import { connectTo, eventually, type FleetNode, type NodeSettings, newPrefix, startNode } from './fleet-node.ts';

const upTo = (ms: number) => Math.floor(Math.random() * ms);

/** How long things happen at random, in ms. */
const span = runs(5000);

/** An operation that has outages, and counts the trials that run at the same time. */
function createProvider() {
  const seen = { isWell: false, trials: 0, most: 0 };
  const call = async (isTrial: boolean) => {
    if (isTrial) seen.most = Math.max(seen.most, ++seen.trials);
    await delay(upTo(30));
    if (isTrial) seen.trials--;
    if (!seen.isWell && upTo(10) > 0) throw new Error('down');
  };
  return { seen, call };
}

/** Calls, and gives orders now and then, as long as it may go on. */
async function use({ breaker }: FleetNode, call: (isTrial: boolean) => Promise<void>, mayGoOn: () => boolean) {
  while (mayGoOn()) {
    await delay(upTo(40));
    const lot = upTo(500);
    const hold = lot === 0 ? breaker.isolate() : undefined;
    if (lot === 1) breaker.reset();
    if (lot === 2) breaker.trip();
    if (lot === 3) breaker.disable();
    if (lot < 4) await delay(upTo(200));
    hold?.[Symbol.dispose]();
    breaker.enable();
    const { state, fleet } = breaker.metrics();
    // Of its own trials, as of those without a server, a breaker may make as many as it likes.
    const isTrial = state === 'halfOpen' && fleet?.isConnected === true && fleet.state === 'halfOpen';
    breaker.call(call, isTrial).catch(() => {});
  }
}

/** Now the operation fails and now it works. */
async function changeTheWeather(seen: { isWell: boolean }, mayGoOn: () => boolean) {
  while (mayGoOn()) {
    await delay(200 + upTo(800));
    seen.isWell = !seen.isWell;
  }
  seen.isWell = true;
}

/**
 * Plays a random history, which begins with an outage and a trial: nodes come and go, and so does the server where that
 * is wanted; then everything is well.
 */
async function play(server: RedisServer, slots: number, losesServer: boolean) {
  const { seen, call } = createProvider();
  const settings: NodeSettings = {
    connect: connectTo(server.url),
    fleet: { prefix: newPrefix(), pollInterval: 1000 },
    breaker: { recoveryTimeout: 150, trialTimeout: 5000, halfOpenTrials: slots },
  };
  let end = Number.POSITIVE_INFINITY;
  const living = new Map<FleetNode, Promise<void>>();
  const gone = new Set<FleetNode>();
  const join = async () => {
    const node = await startNode(settings);
    living.set(
      node,
      use(node, call, () => !gone.has(node) && performance.now() < end),
    );
  };
  for (let count = 0; count < 4; count++) await join();
  await eventually(() => seen.most > 0);
  end = performance.now() + span;
  const weather = changeTheWeather(seen, () => performance.now() < end);
  for (let turn = 0; performance.now() < end; turn++) {
    await delay(300 + upTo(700));
    const [oldest] = living.keys();
    if (losesServer && turn % 2 === 0) {
      await server.kill();
      await delay(upTo(500));
      await server.restart();
    } else if (oldest) {
      gone.add(oldest);
      living.delete(oldest);
      await oldest[Symbol.asyncDispose]();
      await join();
    }
  }
  await Promise.all([weather, ...living.values()]);
  return { nodes: [...living.keys()], seen };
}

it.concurrent.each([
  { slots: 1, losesServer: false },
  { slots: 2, losesServer: false },
  { slots: 1, losesServer: true },
])(
  'whatever happens, $slots at a time try, and all are closed once all is well: %j',
  async ({ slots, losesServer }) => {
    await using server = await startRedisServer();
    const { nodes, seen } = await play(server, slots, losesServer);
    try {
      // Without its data a server cannot know of a trial that is running.
      if (!losesServer) expect(seen.most).toBeLessThanOrEqual(slots);
      await eventually(async () => {
        await Promise.all(nodes.map(({ succeed }) => succeed()));
        expect(nodes.map(({ breaker }) => breaker.state)).toEqual(nodes.map(() => 'closed'));
      });
    } finally {
      for (const node of nodes) await node[Symbol.asyncDispose]();
    }
  },
);
