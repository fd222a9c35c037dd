import { createBreaker } from 'agent-circuit-breaker';
import { ConsecutiveBreaker, circuitBreaker, handleAll, TimeoutStrategy, timeout, wrap } from 'cockatiel';
import { HandWrittenBreaker } from '../libraries/hand-written-breaker.ts';
import { outOfReach } from '../libraries/library.ts';
import type { Effort } from '../measuring/rounds.ts';
import { awaited } from '../measuring/turns.ts';
import type { Figures } from '../row.ts';
import { beside } from './beside.ts';
import { runUntilAborted, runUntilDeadline, runWithin, waitUntilDeadline } from './hand-written-run.ts';

const timeoutMs = 30_000;

/** An operation that takes a signal, and never looks at it. */
const ask = async (_signal: AbortSignal) => 'answer';
const askWithout = async () => 'answer';

/** A signal that lives longer than all of its calls, as that of a server or of an agent's task does. */
export function measureSignal(effort: Effort): Promise<Figures> {
  const { signal } = new AbortController();
  return measureSignals(effort, () => signal);
}

/** A signal for each call, as that of a request is. */
export function measureNewSignals(effort: Effort): Promise<Figures> {
  return measureSignals(effort, () => new AbortController().signal);
}

/** A deadline, of which the operation is told. */
export function measureDeadline(effort: Effort): Promise<Figures> {
  const { breaker, byHand, withTimeout } = setUp();
  return compareRuns(
    effort,
    () => breaker.run(({ signal }) => ask(signal), { timeout: timeoutMs }),
    () => byHand.call(() => runUntilDeadline(ask, timeoutMs)),
    () => withTimeout.execute(({ signal }) => ask(signal)),
  );
}

/** A deadline, of which the operation is not told: nobody reads the signal. */
export function measureUnreadDeadline(effort: Effort): Promise<Figures> {
  const { breaker, byHand, withTimeout } = setUp();
  return compareRuns(
    effort,
    () => breaker.run(askWithout, { timeout: timeoutMs }),
    () => byHand.call(() => waitUntilDeadline(askWithout, timeoutMs)),
    () => withTimeout.execute(askWithout),
  );
}

/** A lasting signal and a deadline. */
export function measureSignalAndDeadline(effort: Effort): Promise<Figures> {
  const { breaker, byHand, withTimeout } = setUp();
  const { signal: own } = new AbortController();
  return compareRuns(
    effort,
    () => breaker.run(({ signal }) => ask(signal), { signal: own, timeout: timeoutMs }),
    () => byHand.call(() => runWithin(ask, own, timeoutMs)),
    () => withTimeout.execute(({ signal }) => ask(signal), own),
  );
}

function measureSignals(effort: Effort, toSignal: () => AbortSignal): Promise<Figures> {
  const { breaker, byHand, plain } = setUp();
  return compareRuns(
    effort,
    () => breaker.run(({ signal }) => ask(signal), { signal: toSignal() }),
    () => {
      const signal = toSignal();
      return byHand.call(() => runUntilAborted(ask, signal));
    },
    () => plain.execute(({ signal }) => ask(signal), toSignal()),
  );
}

function setUp() {
  const plain = circuitBreaker(handleAll, { halfOpenAfter: 30_000, breaker: new ConsecutiveBreaker(outOfReach) });
  return {
    breaker: createBreaker({ failureThreshold: outOfReach }),
    byHand: new HandWrittenBreaker(outOfReach, 30_000),
    plain,
    // The breaker is outside, so that it sees the timeouts; this is the timeout that does not wait for the operation.
    withTimeout: wrap(plain, timeout(timeoutMs, TimeoutStrategy.Aggressive)),
  };
}

function compareRuns(
  effort: Effort,
  ours: () => Promise<unknown>,
  byHand: () => Promise<unknown>,
  cockatiel: () => Promise<unknown>,
): Promise<Figures> {
  return beside(effort, {
    unit: 'ns',
    ours: awaited(ours),
    bare: ['bare call', awaited(() => askWithout())],
    others: { 'by hand': awaited(byHand), cockatiel: awaited(cockatiel) },
  });
}
