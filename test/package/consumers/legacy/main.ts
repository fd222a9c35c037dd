import { CircuitBreakerOpenError, circuitBreaker } from 'agent-circuit-breaker';

export class Agent {
  constructor(readonly greeting: string) {}

  @circuitBreaker({ name: 'agent', failureThreshold: 1 })
  async ask(prompt: string, times = 1): Promise<string> {
    if (prompt === '') throw new TypeError('no prompt');
    return `${this.greeting}, ${prompt.repeat(times)}`;
  }

  @circuitBreaker()
  static async list<T>(items: readonly T[]): Promise<readonly T[]> {
    return items;
  }
}

const answer: string = await new Agent('hello').ask('world', 2);
const items: readonly number[] = await Agent.list([1, 2]);
await new Agent('hello').ask('').catch(() => {});
const rejected = await new Agent('other').ask('world').catch((error: unknown) => error);
// @ts-expect-error The parameters are kept.
const mistyped = await new Agent('hello').ask(1).catch(() => 'rejected');

console.log(
  JSON.stringify({
    answer,
    items,
    mistyped,
    rejected: CircuitBreakerOpenError.isInstance(rejected) && rejected.breaker,
    isOneBreaker: 'breaker' in Agent.prototype.ask,
  }),
);
