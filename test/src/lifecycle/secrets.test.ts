import { attachBreaker, type BreakerOptions, type CircuitBreaker, createBreaker } from 'agent-circuit-breaker';
import { callFailed, circuitBreakerMachine, createBreakerMachine } from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { createActor, type InspectionEvent } from 'xstate';
import { createTestClock } from '../../support/test-clock.ts';
import { recoveryTimeout } from '../half-open/half-open-breaker.ts';
import { everyCallback } from '../user-code/all-callbacks.ts';

const secret = 'sk-very-secret';

/** An error as an SDK throws it: with the key, the headers and the prompt of its request. */
class ProviderError extends Error {
  readonly status = 500;
  readonly headers = { authorization: `Bearer ${secret}` };
  readonly request = { body: { messages: [{ role: 'user', content: `My key is ${secret}` }] } };
  constructor() {
    super(`500 for key ${secret}`);
  }
}

/** Tells whether a reader can find the secret: in any string that is reached through enumerable properties. */
function tells(value: unknown, seen: Set<unknown> = new Set()): boolean {
  if (typeof value === 'string') return value.includes(secret);
  if (typeof value !== 'object' || value === null || seen.has(value)) return false;
  seen.add(value);
  const text = value instanceof Error && value.message.includes(secret);
  return text || Object.keys(value).some((key) => tells(Reflect.get(value, key), seen));
}

interface Inspector {
  /** The types of the events that were inspected. */
  readonly types: string[];
  /** The messages that told the secret, at the moment they came. */
  readonly leaks: string[];
  readonly hear: (event: InspectionEvent) => void;
}

function createInspector(): Inspector {
  const types: string[] = [];
  const leaks: string[] = [];
  const hear = (event: InspectionEvent) => {
    if (tells(event)) leaks.push(event.type);
    if (event.type === '@xstate.event') types.push(event.event.type);
  };
  return { types, leaks, hear };
}

/** Fails while closed until it opens, fails as a trial, and closes; failing calls of every kind. */
async function fail(breaker: CircuitBreaker, pass: (ms: number) => void): Promise<unknown[]> {
  const late = breaker.acquire();
  await breaker.call(() => Promise.reject(new ProviderError())).catch(() => {});
  await breaker.run(() => Promise.reject(new ProviderError())).catch(() => {});
  const rejection = await breaker.call(() => 'never').catch((error: unknown) => error);
  late.fail(new ProviderError());
  pass(recoveryTimeout);
  breaker.acquire().fail(new ProviderError());
  pass(recoveryTimeout);
  await breaker.call(() => 'well');
  return [rejection];
}

describe('an error with headers, a key and a prompt', () => {
  it('S-75 is in no inspection message of a breaker, though its events are inspected', async () => {
    const clock = createTestClock();
    const { leaks, types, hear } = createInspector();
    const breaker = createBreaker({ ...{ clock, recoveryTimeout, failureThreshold: 2 }, inspect: hear });
    await fail(breaker, clock.jump);
    expect(types.filter((type) => type === 'call.failed')).toHaveLength(4);
    expect(types).toContain('call.succeeded');
    expect(leaks).toEqual([]);
  });

  it.each([
    ['excludedErrors', { excludedErrors: [ProviderError] }],
    ['failurePredicate', { failurePredicate: () => false }],
  ] as const)('S-75 is in none either where it is judged by %s', async (_name, judgement: BreakerOptions) => {
    const clock = createTestClock();
    const { leaks, types, hear } = createInspector();
    const breaker = createBreaker({ clock, ...judgement, inspect: hear });
    breaker.acquire().fail(new ProviderError());
    breaker.trip();
    clock.jump(60_000);
    breaker.acquire().fail(new ProviderError());
    expect(breaker.metrics()).toMatchObject({ ignored: 2, state: 'halfOpen' });
    expect(types).toContain('trial.started');
    expect(leaks).toEqual([]);
  });

  it('S-75 is in no message of an actor of somebody else’s, sent by a facade or by callFailed(), dated or not', async () => {
    const clock = createTestClock();
    const { leaks, types, hear } = createInspector();
    const machine = createBreakerMachine({ excludedErrors: [RangeError], failureThreshold: 2, recoveryTimeout });
    const actor = createActor(machine, { clock, inspect: hear }).start();
    await fail(attachBreaker(actor), clock.jump);
    actor.send(callFailed(new ProviderError()));
    actor.send(callFailed(new ProviderError(), { at: clock.now() }));
    expect(actor.getSnapshot().hasTag('rejecting')).toBe(true);
    expect(types.filter((type) => type === 'call.failed').length).toBeGreaterThanOrEqual(6);
    expect(leaks).toEqual([]);
  });

  it.each(['held back', 'sent at once'])('S-75 is in no snapshot: outcomes %s', async (mode) => {
    const clock = createTestClock();
    const breaker = createBreaker({ clock, recoveryTimeout, failureThreshold: 2 });
    const snapshots: unknown[] = [];
    if (mode === 'sent at once') breaker.actor.subscribe((snapshot) => snapshots.push(snapshot));
    const rejections = await fail(breaker, clock.jump);
    breaker.acquire().fail(new ProviderError());
    breaker.acquire().fail(new ProviderError());
    snapshots.push(breaker.actor.getSnapshot(), breaker.actor.getPersistedSnapshot(), breaker.metrics());
    expect(breaker.state).toBe('open');
    for (const snapshot of snapshots) expect(tells(snapshot)).toBe(false);
    for (const rejection of rejections) expect(JSON.stringify(rejection)).not.toContain(secret);
    expect(breaker.metrics().lastFailure).toMatchObject({ name: 'ProviderError', status: 500 });
  });

  it('S-75 is in no emitted event and in no event of a callback, though listeners and guards are given it', async () => {
    const clock = createTestClock();
    const events: unknown[] = [];
    const errors: unknown[] = [];
    const breaker = createBreaker({
      ...{ clock, recoveryTimeout, failureThreshold: 2 },
      ...everyCallback((name, args) => {
        if (name === 'onFailure') errors.push(args[0]);
        events.push(...(name === 'onFailure' ? args.slice(1) : args));
      }),
    });
    breaker.actor.on('*', (event) => events.push(event));
    await fail(breaker, clock.jump);
    expect(errors).toHaveLength(4);
    expect(errors[0]).toBeInstanceOf(ProviderError);
    expect(events.length).toBeGreaterThan(15);
    for (const event of events) expect(tells(event)).toBe(false);
  });

  it('S-75 is in no JSON of the event that carries it', () => {
    const event = callFailed(new ProviderError(), { at: 1, generation: 0 });
    expect(event.error).toBeInstanceOf(ProviderError);
    expect(tells(event)).toBe(false);
    expect(tells({ ...event })).toBe(false);
    expect(JSON.parse(JSON.stringify(event))).toEqual({ type: 'call.failed', at: 1, generation: 0 });
  });

  it('S-75 is in no emitted event, even where somebody sent it in the open', () => {
    const events: unknown[] = [];
    const actor = createActor(circuitBreakerMachine, { input: { failureThreshold: 1 } });
    actor.on('*', (event) => events.push(event));
    actor.start().send({ type: 'call.failed', error: new ProviderError() });
    expect(events).toHaveLength(2);
    for (const event of events) expect(tells(event)).toBe(false);
    expect(tells(actor.getPersistedSnapshot())).toBe(false);
    actor.stop();
  });

  it('S-75 proves its means: what is enumerable is found', () => {
    expect(tells({ error: new ProviderError() })).toBe(true);
    expect(tells({ inner: [{ text: secret }] })).toBe(true);
  });
});
