import { CircuitBreakerOpenError } from 'agent-circuit-breaker';
import { PeerFailureError } from 'agent-circuit-breaker/redis';
import { expect, it } from 'vitest';
import {
  eventually,
  type FleetNode,
  newPrefix,
  type OpenClient,
  startNode,
  startNodes,
  untilAsked,
  untilCallGoesWell,
} from './fleet-node.ts';

/** What nodes have to agree on, whichever library talks to whichever server. */
export function describeAgreement(connect: () => Promise<OpenClient>): void {
  const fleet = () => ({ prefix: newPrefix() });

  it('opens for all once two nodes have opened', async () => {
    await using nodes = await startNodes(3, { connect, breaker: { recoveryTimeout: 60_000 } });
    const { a, b, c, reach } = nodes;
    await a.fail();
    await b.fail();
    await reach('open');
    expect(await c.succeed()).toMatchObject({
      reason: 'open',
      cause: { name: 'PeerFailureError', reason: { name: 'Error', kind: null, status: null } },
    });
    expect(c.breaker.metrics().fleet).toEqual({
      ...{ isConnected: true, state: 'open', ownState: 'closed', holdsOfOthers: 0 },
      reason: { name: 'Error', kind: null, status: null },
    });
    await eventually(() => expect(a.breaker.metrics().fleet).toMatchObject({ state: 'open', ownState: 'open' }));
  });

  it('keeps an opening of one node of three to itself, and lets it close by its own trial', async () => {
    await using nodes = await startNodes(3, { connect });
    const { a, b, c, reach } = nodes;
    await a.fail();
    await reach('halfOpen', a);
    expect(await a.succeed()).toBe('fine');
    expect([a, b, c].map(({ breaker }) => breaker.state)).toEqual(['closed', 'closed', 'closed']);
    expect([b.heard, c.heard]).toEqual([['connected'], ['connected']]);
    expect(a.heard).toEqual(['connected', 'open', 'halfOpen', 'closed']);
  });

  it('tells whoever joins later of an outage that a lone node has seen', async () => {
    const settings = { connect, fleet: fleet(), breaker: { recoveryTimeout: 5000 } };
    await using first = await startNode(settings);
    await first.fail(2, Object.assign(new RangeError('the key sk-123 is overloaded'), { status: 529 }));
    await eventually(async () => expect(await first.breaker.metrics().fleet?.state).toBe('open'));
    await using late = await startNode(settings);
    const rejection = await late.succeed();
    const { cause } = rejection instanceof CircuitBreakerOpenError ? rejection : {};
    expect(PeerFailureError.isInstance(cause)).toBe(true);
    expect(cause).toMatchObject({ breaker: 'model', reason: { name: 'RangeError', kind: null, status: 529 } });
    expect(String(cause)).not.toContain('sk-123');
    expect(late.breaker.metrics()).toMatchObject({ calls: 0, rejected: 1 });
  });

  it('closes for all when a trial goes well, and tells every node once', async () => {
    await using nodes = await startNodes(3, { connect });
    const { a, b, c, reach } = nodes;
    await a.fail();
    await b.fail();
    await reach('halfOpen');
    await untilCallGoesWell(c);
    await reach('closed');
    for (const { heard } of nodes.nodes) expect(heard).toEqual(['connected', 'open', 'halfOpen', 'closed']);
  });

  it('re-opens for all, for longer, when a trial fails', async () => {
    const recoveryBackoff = { factor: 2, maxRecoveryTimeout: 60_000 };
    await using nodes = await startNodes(3, { connect, breaker: { recoveryBackoff } });
    const { a, b, c, reach } = nodes;
    await a.fail();
    await b.fail();
    await reach('halfOpen');
    await eventually(async () => expect(await c.fail(1).then(() => c.breaker.state)).toBe('open'));
    await reach('open');
    for (const { breaker } of nodes.nodes)
      expect(breaker.metrics()).toMatchObject({ reopenings: 1, waitMs: expect.closeTo(700, -2.4) });
    await reach('halfOpen');
    await untilCallGoesWell(a);
    await reach('closed');
    const changes = ['open', 'halfOpen', 'open', 'halfOpen', 'closed'];
    for (const { heard } of nodes.nodes) expect(heard).toEqual(['connected', ...changes]);
  });

  it('is isolated for all until the last of two holders lets go', async () => {
    await using nodes = await startNodes(3, { connect });
    const { a, b, c, reach } = nodes;
    const first = a.breaker.isolate();
    await reach('isolated');
    const second = b.breaker.isolate();
    // One that lets go before it has heard of the other hold closes for a moment.
    for (const [node, others] of [
      [a, 1],
      [b, 1],
      [c, 2],
    ] as const)
      await eventually(() => expect(holdsOfOthers(node)).toBe(others));
    first[Symbol.dispose]();
    await eventually(() => expect(holdsOfOthers(c)).toBe(1));
    expect(nodes.nodes.map(({ breaker }) => breaker.state)).toEqual(['isolated', 'isolated', 'isolated']);
    expect(await a.succeed()).toMatchObject({ reason: 'isolated' });
    expect(c.breaker.metrics().fleet).toMatchObject({ state: 'isolated', ownState: 'closed' });
    second[Symbol.dispose]();
    await reach('closed');
    for (const { heard } of nodes.nodes) expect(heard).toEqual(['connected', 'closed']);
  });

  it('ends the isolations of others when a node is reset', async () => {
    await using nodes = await startNodes(3, { connect, fleet: { pollInterval: 100 } });
    const { a, b, c, reach } = nodes;
    const held = [a.breaker.isolate(), b.breaker.isolate()];
    await reach('isolated');
    await eventually(() => expect(holdsOfOthers(c)).toBe(2));
    c.breaker.reset();
    await reach('closed');
    // Polls come and go, and nobody isolates anew.
    await untilAsked(2, a, b, c);
    await reach('closed');
    expect(await a.succeed()).toBe('fine');
    for (const handle of held) handle[Symbol.dispose]();
    expect(nodes.nodes.map(({ breaker }) => breaker.state)).toEqual(['closed', 'closed', 'closed']);
    for (const { heard } of nodes.nodes) expect(heard).toEqual(['connected', 'closed']);
  });

  it('closes for all when a node is reset', async () => {
    await using nodes = await startNodes(3, { connect, breaker: { recoveryTimeout: 60_000 } });
    const { a, b, c, reach } = nodes;
    await a.fail();
    await b.fail();
    await reach('open');
    c.breaker.reset();
    await reach('closed');
    for (const { heard } of nodes.nodes) expect(heard).toEqual(['connected', 'open', 'closed']);
  });

  it('leaves out a node that is disabled', async () => {
    await using nodes = await startNodes(3, { connect, breaker: { recoveryTimeout: 60_000 } });
    const { a, b, c, reach } = nodes;
    c.breaker.disable();
    await a.fail();
    await b.fail();
    await reach('open', a, b);
    await eventually(async () => expect(await c.breaker.metrics().fleet?.state).toBe('open'));
    expect([c.breaker.state, await c.succeed()]).toEqual(['disabled', 'fine']);
    c.breaker.enable();
    await reach('open');
  });

  it('counts a circuit that was opened by hand like any other', async () => {
    await using nodes = await startNodes(3, { connect, breaker: { recoveryTimeout: 60_000 } });
    const { a, b, c, reach } = nodes;
    a.breaker.trip();
    await b.fail();
    await reach('open');
    expect(c.breaker.metrics().fleet).toMatchObject({ state: 'open', ownState: 'closed' });
  });
}

function holdsOfOthers({ breaker }: FleetNode): number | undefined {
  return breaker.actor.getSnapshot().context.fleet?.holdsOfOthers;
}
