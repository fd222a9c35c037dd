import { circuitBreaker, createBreaker } from 'agent-circuit-breaker';
import { HandWrittenBreaker } from '../libraries/hand-written-breaker.ts';
import { outOfReach } from '../libraries/library.ts';
import { succeed } from '../libraries/operations.ts';
import type { Effort } from '../measuring/rounds.ts';
import { awaited, synchronous } from '../measuring/turns.ts';
import type { Figures } from '../row.ts';
import { beside } from './beside.ts';

const options = { failureThreshold: outOfReach };

/** A function with the breaker in front of it. */
export function measureWrap(effort: Effort): Promise<Figures> {
  const wrapped = createBreaker(options).wrap(succeed);
  const { call } = byHand();
  return beside(effort, {
    unit: 'ns',
    ours: awaited(() => wrapped()),
    bare: ['bare call', awaited(() => succeed())],
    others: { 'by hand': awaited(call) },
  });
}

/** A method with the breaker in front of it. */
export function measureDecorator(effort: Effort): Promise<Figures> {
  class Agent {
    async ask() {
      return 'answer';
    }

    @circuitBreaker(options)
    async askGuarded() {
      return 'answer';
    }
  }
  const agent = new Agent();
  const { call } = byHand();
  return beside(effort, {
    unit: 'ns',
    ours: awaited(() => agent.askGuarded()),
    bare: ['bare call', awaited(() => agent.ask())],
    others: { 'by hand': awaited(call) },
  });
}

/** A function that returns at once. */
export function measureCallSync(effort: Effort): Promise<Figures> {
  const breaker = createBreaker(options);
  const count = counter();
  return beside(effort, {
    unit: 'ns',
    ours: synchronous(() => breaker.callSync(count)),
    bare: ['bare call', synchronous(() => count())],
  });
}

/** Leave to make a call that returns at once, and the telling of its outcome. */
export function measurePermit(effort: Effort): Promise<Figures> {
  const breaker = createBreaker(options);
  const count = counter();
  return beside(effort, {
    unit: 'ns',
    ours: synchronous(() => {
      const permit = breaker.acquire();
      count();
      permit.succeed();
    }),
    bare: ['bare call', synchronous(() => count())],
  });
}

function byHand() {
  const breaker = new HandWrittenBreaker(outOfReach, 30_000);
  return { call: () => breaker.call(succeed) };
}

/** An operation that the compiler cannot leave out. */
function counter(): () => number {
  let calls = 0;
  return () => ++calls;
}
