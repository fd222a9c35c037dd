import { inspect } from 'node:util';
import {
  type BreakerEmitted,
  callFailed,
  circuitBreakerMachine,
  createBreakerMachine,
} from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { createActor, type InspectionEvent, setup } from 'xstate';
import { createTestClock } from '../support/test-clock.ts';

const secret = 'sk-live-0123456789';

/** An error as SDKs of model providers throw them. */
class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly headers = { authorization: `Bearer ${secret}` };
  readonly request = { messages: [{ role: 'user', content: secret }] };
}

/** Everything that can be reached from a value by its enumerable properties, as text; nothing is asked for its JSON. */
function reachableText(value: unknown, seen = new Set<unknown>()): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || seen.has(value)) return '';
  seen.add(value);
  const own = value instanceof Error ? [value.message, value.stack, ...Object.values(value)] : Object.values(value);
  const items = value instanceof Map || value instanceof Set ? [...value.values(), ...value.keys()] : [];
  return [...Object.keys(value), ...own, ...items].map((part) => reachableText(part, seen)).join('\n');
}

const leaks = (value: unknown): boolean =>
  [JSON.stringify(value) ?? '', inspect(value, { depth: 8, showHidden: false }), reachableText(value)].some((text) =>
    text.includes(secret),
  );

describe('the search for secrets', () => {
  it('finds one that anything enumerable leads to', () => {
    const error = new ProviderError('boom');
    for (const value of [error, { error }, { deep: [new Map([['event', { type: 'call.failed', error }]])] }])
      expect(leaks(value)).toBe(true);
    expect(leaks(callFailed(error))).toBe(false);
  });
});

const failures = {
  dated: (error: unknown) => callFailed(error, { at: 1_000_000 }),
  'undated, and therefore raised again': (error: unknown) => callFailed(error),
  'of a trial': (error: unknown) => callFailed(error, { at: 1_000_000, trial: 1, generation: 2 }),
};

describe.each(Object.entries(failures))('S-75 an error that was sent with callFailed(), %s', (_title, fail) => {
  /** Sends a failure in every state of a breaker and collects all that an inspector and a listener are told. */
  const collect = (failureThreshold: number, machine = circuitBreakerMachine) => {
    const told: InspectionEvent[] = [];
    const emitted: BreakerEmitted[] = [];
    const stored: unknown[] = [];
    const leaked: string[] = [];
    const note = (what: string, value: unknown) => {
      if (leaks(value)) leaked.push(what);
    };
    const parent = setup({ actors: { breaker: machine } }).createMachine({
      invoke: { src: 'breaker', id: 'breaker', input: { failureThreshold, recoveryTimeout: 1000 } },
    });
    const root = createActor(parent, {
      clock: createTestClock(),
      inspect: (event) => {
        told.push(event);
        // At once, while the actor is still busy with the event.
        note(event.type, event);
      },
    }).start();
    const breaker = root.getSnapshot().children.breaker;
    breaker?.on('*', (event) => emitted.push(event));
    const error = new ProviderError(`Incorrect API key provided: ${secret}`);
    const strike = () => {
      breaker?.send(fail(error));
      stored.push(breaker?.getSnapshot(), breaker?.getPersistedSnapshot(), root.getPersistedSnapshot());
    };
    strike();
    strike();
    breaker?.send({ type: 'recovery.elapsed', at: 1_001_000 });
    breaker?.send({ type: 'trial.started', at: 1_001_000, trial: 1 });
    strike();
    breaker?.send({ type: 'breaker.isolate' });
    strike();
    breaker?.send({ type: 'breaker.disable' });
    strike();
    for (const event of told) note(`${event.type} afterwards`, event);
    for (const snapshot of stored) note('snapshot', snapshot);
    for (const event of emitted) note(event.type, event);
    return { error, told, emitted, leaked };
  };

  it.each([1, 2, 3])(
    'leaves by no inspection event, snapshot or emitted event, with a threshold of %d',
    (threshold) => {
      const { told, leaked } = collect(threshold);
      expect(new Set(told.map(({ type }) => type))).toContain('@xstate.event');
      expect(told.length).toBeGreaterThan(20);
      expect(leaked).toEqual([]);
    },
  );

  it('leaves as little when it does not count, or when the predicate throws it', () => {
    const silent = { onCallbackError: () => {} };
    expect(collect(1, createBreakerMachine({ excludedErrors: [ProviderError], ...silent })).leaked).toEqual([]);
    const failurePredicate = (error: unknown) => {
      throw error;
    };
    expect(collect(1, createBreakerMachine({ failurePredicate, ...silent })).leaked).toEqual([]);
  });

  it('can be read on the event that tells of the opening, by whoever asks for it', () => {
    const { error, emitted } = collect(1);
    const opened = emitted.filter((event) => event.type === 'breaker.opened');
    expect(opened.length).toBeGreaterThan(0);
    for (const event of opened) {
      expect(event.error).toBe(error);
      expect(Object.keys(event)).not.toContain('error');
      expect(JSON.parse(JSON.stringify(event))).toEqual({ ...event });
    }
  });
});
