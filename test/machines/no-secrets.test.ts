import { inspect } from 'node:util';
import {
  type BreakerEmitted,
  callFailed,
  circuitBreakerMachine,
  createBreakerMachine,
} from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { createActor, type InspectionEvent, setup } from 'xstate';
import { carriesError } from '../../machines/hidden-error.ts';
import { createTestClock } from '../support/test-clock.ts';

const secret = 'sk-live-0123456789';

/** An error as SDKs of model providers throw them. */
class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly headers = { authorization: `Bearer ${secret}` };
  readonly request = { messages: [{ role: 'user', content: secret }] };
}

/** The chart itself holds no events; it is large, and no search has to go through it each time. */
const chart = new Set<unknown>();
reachableText(circuitBreakerMachine, chart);

/** Everything that enumerable properties lead to from a value, as text; nothing is asked for its own JSON. */
function reachableText(value: unknown, seen: Set<unknown>): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || seen.has(value)) return '';
  seen.add(value);
  const own = value instanceof Error ? [value.message, value.stack, ...Object.values(value)] : Object.values(value);
  const items = value instanceof Map || value instanceof Set ? [...value.values(), ...value.keys()] : [];
  return [...Object.keys(value), ...own, ...items].map((part) => reachableText(part, seen)).join('\n');
}

const leaks = (value: unknown): boolean =>
  [JSON.stringify(value) ?? '', inspect(value, { depth: 3 }), reachableText(value, new Set(chart))].some((text) =>
    text.includes(secret),
  );

describe('the search for secrets', () => {
  it('finds one that anything enumerable leads to', () => {
    const error = new ProviderError('boom');
    for (const value of [error, { error }, { deep: [new Map([['event', { type: 'call.failed', error }]])] }])
      expect(leaks(value)).toBe(true);
    expect(leaks(callFailed(error))).toBe(false);
  });

  it('finds an error that was sent openly in what an inspector is told', () => {
    const told: boolean[] = [];
    const inspector = (event: InspectionEvent) => told.push(leaks(event));
    const actor = createActor(circuitBreakerMachine, { clock: createTestClock(), inspect: inspector }).start();
    actor.send({ type: 'call.failed', error: new ProviderError('boom') });
    expect(told).toContain(true);
  });
});

const failures = {
  dated: (error: unknown) => callFailed(error, { at: 1_000_000 }),
  'undated, and therefore raised again': (error: unknown) => callFailed(error),
  'of a trial': (error: unknown) => callFailed(error, { trial: 1 }),
};

describe.each(Object.entries(failures))('S-75 an error that was sent with callFailed(), %s', (_title, fail) => {
  it.each([1, 3])('leaves by no inspection event, snapshot or emitted event, with a threshold of %d', (threshold) => {
    const { told, leaked } = collect(fail, threshold);
    expect(new Set(told.map(({ type }) => type))).toContain('@xstate.event');
    expect(told.length).toBeGreaterThan(15);
    expect(leaked).toEqual([]);
  });

  it('leaves as little when it does not count, or when the predicate throws it', () => {
    const excluding = createBreakerMachine({ excludedErrors: [ProviderError] });
    expect(collect(fail, 1, excluding).leaked).toEqual([]);
    const failurePredicate = (error: unknown) => {
      throw error;
    };
    const throwing = createBreakerMachine({ failurePredicate, onCallbackError: () => {} });
    expect(collect(fail, 1, throwing).leaked).toEqual([]);
  });

  it('can be read on the event that tells of the opening, by whoever asks for it', () => {
    const { error, emitted } = collect(fail, 1);
    const opened = emitted.filter((event) => event.type === 'breaker.opened').filter(carriesError);
    expect(opened.length).toBeGreaterThan(0);
    for (const event of opened) {
      expect(event.error).toBe(error);
      expect(Object.keys(event)).not.toContain('error');
      expect(JSON.parse(JSON.stringify(event))).toEqual({ ...event });
    }
  });
});

/** Sends a failure to a breaker in every state, and searches all that an inspector, a store and a listener are told. */
function collect(
  fail: (error: unknown) => ReturnType<typeof callFailed>,
  failureThreshold: number,
  machine = circuitBreakerMachine,
) {
  const told: InspectionEvent[] = [];
  const emitted: BreakerEmitted[] = [];
  const leaked: string[] = [];
  const note = (what: string, value: unknown) => {
    if (leaks(value)) leaked.push(what);
  };
  const parent = setup({ actors: { breaker: machine } }).createMachine({
    invoke: { src: 'breaker', id: 'breaker', input: { failureThreshold, recoveryTimeout: 1000 } },
  });
  const clock = createTestClock();
  const tell = (event: InspectionEvent) => {
    told.push(event);
    // At once, while the actor is still busy with the event.
    note(event.type, event);
  };
  const root = createActor(parent, { clock, inspect: tell }).start();
  const breaker = root.getSnapshot().children.breaker;
  if (!breaker) throw new Error('expected the parent to have a breaker');
  breaker.on('*', (event) => emitted.push(event));
  const error = new ProviderError(`Incorrect API key provided: ${secret}`);
  const strike = () => {
    breaker.send(fail(error));
    note('snapshots', [breaker.getSnapshot(), breaker.getPersistedSnapshot(), root.getPersistedSnapshot()]);
  };
  strike();
  strike();
  breaker.send({ type: 'breaker.trip', at: 1_000_000 });
  clock.advance(1000);
  breaker.send({ type: 'trial.started', trial: 1 });
  strike();
  breaker.send({ type: 'breaker.isolate' });
  strike();
  breaker.send({ type: 'breaker.disable' });
  strike();
  note('what was told', told);
  note('what was emitted', emitted);
  return { error, told, emitted, leaked };
}
