import { attachBreaker, type BreakerListeners, type CircuitBreaker, createBreaker } from 'agent-circuit-breaker';
import { type BreakerEmitted, type BreakerMachineOptions, createBreakerMachine } from 'agent-circuit-breaker/machines';
import { createActor } from 'xstate';
import { createDeferred } from '../../support/calls.ts';
import type { TestClock } from '../../support/test-clock.ts';
import type { End } from './history.ts';
import { counted, excluded, judgement, type Player, type View, viewOf } from './player.ts';

/** Uses a breaker whose actor nobody looks at before the end, so that outcomes are held back. */
export function createHoldingPlayer(options: BreakerMachineOptions, clock: TestClock): Player {
  const emitted: BreakerEmitted[] = [];
  const hear = (event: BreakerEmitted) => void emitted.push(event);
  const onStateChange: BreakerListeners['stateChange'] = (_from, _to, event) => hear(event);
  const listeners = { onStateChange, onOpen: hear, onClose: hear, onHalfOpen: hear };
  const breaker = createBreaker({ ...options, ...judgement, ...listeners, clock });
  return { ...playWith(breaker, clock), emitted, peek: () => undefined };
}

/** Uses a breaker whose actor was read before anything else, so that every outcome is sent at once. */
export function createEagerPlayer(options: BreakerMachineOptions, clock: TestClock): Player {
  const breaker = createBreaker({ ...options, ...judgement, clock });
  const { actor } = breaker;
  const emitted: BreakerEmitted[] = [];
  actor.on('*', (event) => emitted.push(event));
  return { ...playWith(breaker, clock), emitted };
}

/** Uses a facade over somebody else's actor. */
export function createAttachedPlayer(options: BreakerMachineOptions, clock: TestClock): Player {
  const actor = createActor(createBreakerMachine({ ...options, ...judgement }), { clock });
  const emitted: BreakerEmitted[] = [];
  actor.on('*', (event) => emitted.push(event));
  return { ...playWith(attachBreaker(actor.start()), clock), emitted };
}

function playWith(breaker: CircuitBreaker, clock: TestClock): Omit<Player, 'emitted'> {
  const read = () => {
    return viewOf(breaker.actor.getSnapshot(), clock.now());
  };
  return {
    clock,
    start: (way) => (way === 'call' || way === 'run' ? startCall(breaker, way) : startPermit(breaker, way)),
    order: (order) => breaker[order](),
    isolate() {
      const hold = breaker.isolate();
      return () => hold[Symbol.dispose]();
    },
    look: () => lookAt(breaker, clock),
    write: () => breaker.toJSON(),
    peek: read,
    read,
    context: () => breaker.actor.getSnapshot().context,
  };
}

function startPermit(breaker: CircuitBreaker, way: 'permit' | 'using') {
  const permit = breaker.tryAcquire();
  const ends = {
    success: () => permit?.succeed(),
    failure: () => (way === 'permit' ? permit?.fail(counted) : permit?.[Symbol.dispose]()),
    excluded: () => permit?.fail(excluded),
    cancelled: () => permit?.cancel(),
    ignored: () => permit?.ignore(),
  };
  return permit && ((end: End) => ends[end]());
}

/** A call cannot be ignored but by an error that does not count, nor cancelled but through a signal. */
function startCall(breaker: CircuitBreaker, way: 'call' | 'run') {
  const answer = createDeferred<string>();
  const controller = new AbortController();
  let isCalled = false;
  const fn = () => {
    isCalled = true;
    return answer.promise;
  };
  const call = way === 'call' ? breaker.call(fn) : breaker.run(fn, { signal: controller.signal });
  call.catch(() => {});
  if (!isCalled) return undefined;
  return (end: End) => {
    if (end === 'success') answer.resolve('well');
    else if (end === 'failure') answer.reject(counted);
    else if (end === 'cancelled' && way === 'run') controller.abort('stop');
    else answer.reject(excluded);
  };
}

function lookAt(breaker: CircuitBreaker, clock: TestClock): View {
  const { state, generation, since, consecutiveFailures, failureRate, slowRate, ...more } = breaker.metrics();
  const { reopenings, waitMs, trials, rampShare, retryAfterMs } = more;
  const recoverAt = state === 'open' && retryAfterMs !== null ? clock.now() + retryAfterMs : null;
  return {
    ...{ state, generation, consecutiveFailures, since, reopenings, waitMs },
    ...{ trials, recoverAt, failureRate, slowRate, rampShare, retryAfterMs },
  };
}
