import { createBreaker } from 'agent-circuit-breaker';
import { circuitBreakerMachine, createBreakerMachine } from 'agent-circuit-breaker/machines';
import { redisFleet } from 'agent-circuit-breaker/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActor, setup } from 'xstate';
import { type RedisServer, startRedisServer } from '../../support/redis/redis-server.ts';
import { connectTo, eventually, newPrefix, startNode } from './fleet-node.ts';

describe('in XState', () => {
  let server: RedisServer | undefined;
  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(() => server?.stop());

  /** A node of the facade, and the fleet of another. */
  async function start(recoveryTimeout = 60_000) {
    const prefix = newPrefix();
    const connect = connectTo(server?.url ?? '');
    const node = await startNode({ connect, breaker: { recoveryTimeout }, fleet: { prefix, quorum: 1 } });
    const { client, close } = await connect();
    const fleet = redisFleet({ client, prefix, quorum: 1, pollInterval: 300 });
    const dispose = async () => {
      await node[Symbol.asyncDispose]();
      await close();
    };
    return { node, fleet, [Symbol.asyncDispose]: dispose };
  }

  const options = { name: 'model', failureThreshold: 2, recoveryTimeout: 60_000 };

  it('a parent spawns a breaker that takes part in a fleet', async () => {
    await using fleets = await start();
    const { node, fleet } = fleets;
    const machine = createBreakerMachine({ ...options }).provide(fleet);
    const parent = createActor(
      setup({ actors: { breaker: machine } }).createMachine({ invoke: { src: 'breaker', id: 'breaker' } }),
    ).start();
    const breaker = () => parent.getSnapshot().children.breaker?.getSnapshot();
    await eventually(() => expect(breaker()?.context.fleet).toMatchObject({ isConnected: true }));
    for (let count = 0; count < 2; count++) parent.getSnapshot().children.breaker?.send({ type: 'call.failed' });
    await eventually(() => expect(node.breaker.state).toBe('open'));
    node.breaker.reset();
    await eventually(() => expect(breaker()?.value).toBe('closed'));
    parent.stop();
  });

  it('a bare machine joins, and one restored by plain XState joins again', async () => {
    await using fleets = await start();
    const { node, fleet } = fleets;
    const machine = circuitBreakerMachine.provide(fleet);
    const first = createActor(machine, { input: options }).start();
    await node.fail();
    await eventually(() => expect(first.getSnapshot().value).toBe('open'));
    const snapshot: unknown = JSON.parse(JSON.stringify(first.getPersistedSnapshot()));
    first.stop();
    node.breaker.reset();
    await eventually(() => expect(node.breaker.metrics().fleet?.state).toBe('closed'));
    const second = createActor(machine, { snapshot: toSnapshot(snapshot), input: options }).start();
    await eventually(() => expect(second.getSnapshot().value).toBe('closed'));
    expect(second.getSnapshot().context.fleet).toMatchObject({ isConnected: true, state: 'closed', isImposed: false });
    await node.fail();
    await eventually(() => expect(second.getSnapshot().value).toBe('open'));
    second.stop();
  });

  it('a breaker that is restored from its own snapshot joins, too', async () => {
    await using fleets = await start();
    const { node, fleet } = fleets;
    const snapshot = createBreaker(options).toJSON();
    const breaker = createBreaker({ ...options, snapshot, fleet });
    await breaker.ready;
    expect(breaker.metrics().fleet).toMatchObject({ isConnected: true });
    await node.fail();
    await eventually(() => expect(breaker.state).toBe('open'));
    const open = breaker.toJSON();
    breaker.stop();
    node.breaker.reset();
    await eventually(() => expect(node.breaker.metrics().fleet?.state).toBe('closed'));
    const restored = createBreaker({ ...options, snapshot: open, fleet });
    await restored.ready;
    // It had opened as far as its snapshot tells, and says so.
    await eventually(() => expect(node.breaker.state).toBe('open'));
    restored.stop();
  });
});

function toSnapshot(value: unknown) {
  const machineSnapshot = createActor(circuitBreakerMachine).getPersistedSnapshot();
  return Object.assign(machineSnapshot, value);
}
