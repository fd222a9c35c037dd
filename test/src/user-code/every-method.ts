import type { BreakerState, CircuitBreaker } from 'agent-circuit-breaker';

/** One use of a public method, and the states that are right on the line after it; undefined where any is. */
export interface MethodUse {
  readonly use: (breaker: CircuitBreaker) => unknown;
  readonly statesAfter?: readonly BreakerState[];
}

const innerError = new Error('inner');
const bad = () => Promise.reject(innerError);
const badSync = () => {
  throw innerError;
};

/** Every public method, used as one might use it in a callback. Nothing of it throws or rejects. */
export const everyMethod: Readonly<Record<string, MethodUse>> = {
  'call, well': { use: (breaker) => breaker.call(async () => 'inner').catch(() => {}) },
  'call, badly': { use: (breaker) => breaker.call(bad).catch(() => {}) },
  'callSync, well': { use: (breaker) => quietly(() => breaker.callSync(() => 'inner')) },
  'callSync, badly': { use: (breaker) => quietly(() => breaker.callSync(badSync)) },
  'run, well': { use: (breaker) => breaker.run(() => 'inner', { timeout: 5 }).catch(() => {}) },
  'run, aborted': { use: (breaker) => runAndAbort(breaker) },
  wrap: {
    use: (breaker) =>
      breaker
        .wrap(async () => 'inner')()
        .catch(() => {}),
  },
  wrapSync: { use: (breaker) => quietly(breaker.wrapSync(badSync)) },
  'acquire, succeeded': { use: (breaker) => quietly(() => breaker.acquire().succeed()) },
  'acquire, disposed': { use: (breaker) => quietly(() => breaker.acquire()[Symbol.dispose]()) },
  tryAcquire: { use: (breaker) => breaker.tryAcquire()?.cancel() },
  trip: { use: (breaker) => breaker.trip(), statesAfter: ['open', 'isolated', 'stopped'] },
  reset: { use: (breaker) => breaker.reset(), statesAfter: ['closed', 'stopped'] },
  isolate: { use: (breaker) => void breaker.isolate(), statesAfter: ['isolated', 'stopped'] },
  'isolate and let go': { use: (breaker) => breaker.isolate()[Symbol.dispose]() },
  disable: { use: (breaker) => breaker.disable(), statesAfter: ['disabled', 'stopped'] },
  enable: { use: (breaker) => breaker.enable(), statesAfter: ['closed', 'open', 'halfOpen', 'isolated', 'stopped'] },
  metrics: { use: (breaker) => breaker.metrics() },
  state: { use: (breaker) => breaker.state },
  name: { use: (breaker) => breaker.name },
  on: { use: (breaker) => breaker.on('stateChange', () => {}) },
  'on, and off again': { use: (breaker) => breaker.on('success', () => {})() },
  actor: { use: (breaker) => breaker.actor.getSnapshot().context.generation },
  'actor, told to trip': { use: (breaker) => breaker.actor.send({ type: 'breaker.trip' }) },
  stop: { use: (breaker) => breaker.stop(), statesAfter: ['stopped'] },
  dispose: { use: (breaker) => breaker[Symbol.dispose](), statesAfter: ['stopped'] },
};

function quietly(fn: () => unknown): void {
  try {
    fn();
  } catch {
    // The circuit may be open: that is the business of the play.
  }
}

function runAndAbort(breaker: CircuitBreaker): Promise<unknown> {
  const controller = new AbortController();
  const call = breaker.run(() => new Promise(() => {}), { signal: controller.signal }).catch(() => {});
  controller.abort('stop');
  return call;
}
