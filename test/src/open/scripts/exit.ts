import { type CircuitBreaker, createBreaker } from 'agent-circuit-breaker';

/**
 * Leaves a breaker with a timer that has a minute left, says in which state the breaker is, and ends. What a timer is
 * left for is the first argument.
 */
const scenarios: Readonly<Record<string, () => Promise<CircuitBreaker>>> = {
  async wait() {
    const breaker = createBreaker({ failureThreshold: 2, recoveryTimeout: 60_000 });
    await breaker.call(fail).catch(() => {});
    await breaker.call(fail).catch(() => {});
    return breaker;
  },
  async deadline() {
    const breaker = createBreaker();
    breaker.run(() => new Promise(() => {}), { timeout: 60_000 }).catch(() => {});
    return breaker;
  },
  async lease() {
    const breaker = createBreaker({ recoveryTimeout: 1, trialTimeout: 60_000 });
    breaker.trip();
    while (breaker.state !== 'halfOpen') await new Promise((resolve) => setImmediate(resolve));
    breaker.acquire();
    return breaker;
  },
};

async function fail(): Promise<never> {
  throw new Error('down');
}

const breaker = await scenarios[process.argv[2] ?? '']?.();
console.log(breaker?.state);
