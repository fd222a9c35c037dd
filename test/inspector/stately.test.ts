import { createBreaker, createBreakerRegistry } from 'agent-circuit-breaker';
import { circuitBreakerMachine } from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { startInspection } from '../../examples/demo/inspection.ts';
import { createTestClock } from '../support/test-clock.ts';
import { connectViewer, type InspectorMessage } from './viewer.ts';

const secret = 'sk-live-123';
const down = Object.assign(new Error(`401 for ${secret}`), { headers: { authorization: secret }, prompt: secret });
const fail = async () => {
  throw down;
};

/** Starts a relay with a viewer at it. */
async function startWatching() {
  const inspection = await startInspection(false);
  const viewer = await connectViewer(inspection.url.replace('http://localhost', 'ws://127.0.0.1'));
  return {
    inspection,
    viewer,
    [Symbol.dispose]: () => {
      viewer[Symbol.dispose]();
      inspection[Symbol.dispose]();
    },
  };
}

const statesOf = (messages: readonly InspectorMessage[], rootId: string) =>
  messages
    .filter(({ type, sessionId }) => type === '@xstate.snapshot' && sessionId === rootId)
    .map(({ snapshot }) => snapshot?.value);

describe('the Stately inspector', () => {
  it('S-75 receives the whole chart, then each event and each snapshot in order, and no secret', async () => {
    using watching = await startWatching();
    const { viewer, inspection } = watching;
    const clock = createTestClock();
    const breaker = createBreaker({ name: 'model', failureThreshold: 1, clock, inspect: inspection.inspect });
    await breaker.call(async () => 'answer');
    await breaker.call(fail).catch(() => {});
    clock.advance(60_000);
    await breaker.call(async () => 'answer');
    breaker.isolate();
    await viewer.until(({ snapshot }) => snapshot?.value === 'isolated');

    const { messages } = viewer;
    const root = messages.find(({ name }) => name === 'model');
    const ownEvents = messages.filter(
      ({ type, sessionId }) => type === '@xstate.event' && sessionId === root?.sessionId,
    );
    expect(ownEvents.map(({ event }) => event?.type)).toEqual([
      ...['xstate.init', 'call.succeeded', 'call.failed', 'xstate.after.recoveryTimeout.breaker.open'],
      ...['trial.started', 'call.succeeded', 'breaker.isolate'],
    ]);
    expect(statesOf(messages, String(root?.sessionId))).toEqual([
      ...['closed', 'closed', 'open', { halfOpen: 'free' }, { halfOpen: 'full' }, 'closed', 'isolated'],
    ]);
    const definition = JSON.parse(root?.definition ?? '{}');
    expect(definition.states).toEqual(JSON.parse(JSON.stringify(circuitBreakerMachine.config.states)));
    expect(definition.states.halfOpen.states.ramping.description).toContain('share');
    expect(viewer.text).not.toContain(secret);
    breaker.stop();
  });

  it('S-74 receives a registry as one system', async () => {
    using watching = await startWatching();
    const { viewer, inspection } = watching;
    const registry = createBreakerRegistry({ failureThreshold: 1, inspect: inspection.inspect });
    registry
      .get('gpt')
      .call(fail)
      .catch(() => {});
    registry.get('opus').trip();
    await viewer.until(({ name }) => name === 'opus');
    await viewer.until(({ snapshot }) => snapshot?.value === 'open');
    const actors = viewer.messages.filter(({ type }) => type === '@xstate.actor');
    expect(actors.map(({ name }) => name)).toEqual(expect.arrayContaining(['registry', 'gpt', 'opus']));
    expect(new Set(actors.map(({ rootId }) => rootId)).size).toBe(1);
    expect(viewer.text).not.toContain(secret);
    registry.stop();
  });
});
