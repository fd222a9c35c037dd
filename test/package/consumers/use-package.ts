import {
  attachBreaker,
  type BreakerMetrics,
  BreakerOptionsError,
  type BreakerStream,
  CallTimeoutError,
  CircuitBreakerOpenError,
  circuitBreaker,
  createBreaker,
  createBreakerMachine,
  type Permit,
} from 'agent-circuit-breaker';
import { circuitBreakerMachine } from 'agent-circuit-breaker/machines';
import { createActor } from 'xstate';

// Exported so that the compiler has to write their types down in a declaration file.
export const machine = createBreakerMachine({ failureThreshold: 1 });
export const guardedLength = circuitBreaker({ name: 'length' })((text: string) => text.length);
export const attached = attachBreaker(createActor(machine).start());

export class Agent {
  constructor(readonly greeting: string) {}

  @circuitBreaker({ name: 'agent', failureThreshold: 1, recoveryTimeout: 1e9 })
  async ask(prompt: string): Promise<string> {
    if (prompt === '') throw new TypeError('no prompt');
    return `${this.greeting}, ${prompt}`;
  }
}

/** Uses every way of making a call; leaves circuits open behind it, so that a process that waits for them hangs. */
export async function usePackage(): Promise<Record<string, unknown>> {
  const breaker = createBreaker({ name: 'model', failureThreshold: 1, recoveryTimeout: 1e9, timeout: 5 });
  const doubled: number = await breaker.call(async (value: number) => value * 2, 21);
  const length: number = await guardedLength('four');
  const asked: string = await new Agent('hello').ask('world');
  const failed = await new Agent('hello').ask('').catch((error: unknown) => error);
  const rejected = await new Agent('hello').ask('world').catch((error: unknown) => error);
  const slow = () => new Promise((resolve) => setTimeout(resolve, 50));
  const late = await breaker.run(slow).catch((error: unknown) => error);
  const metrics: BreakerMetrics = breaker.metrics();
  return {
    doubled,
    length,
    asked,
    failed: failed instanceof TypeError,
    rejected: CircuitBreakerOpenError.isInstance(rejected) && rejected.code,
    late: CallTimeoutError.isInstance(late) && late.timeoutMs,
    state: metrics.state,
    permit: usePermit(),
    sum: await sumOfStream(),
    attached: await attached.call(() => attached.state),
    chart: createActor(circuitBreakerMachine).start().getSnapshot().hasTag('admitting'),
    refused: refusedOption(),
  };
}

async function sumOfStream(): Promise<number> {
  const breaker = createBreaker();
  const numbers = async function* () {
    yield* [1, 2, 3];
  };
  let sum = 0;
  for await (const item of breaker.stream(numbers)) sum += item;
  await using stream: BreakerStream<number> = breaker.stream(async () => numbers());
  const { value }: IteratorResult<number, undefined> = await stream.next();
  const rest: AsyncIterable<number> = breaker.stream(numbers, { isComplete: (item) => item === 3 });
  for await (const item of rest) sum += item;
  return sum + (value ?? 0);
}

function usePermit(): boolean {
  const breaker = createBreaker({ failureThreshold: 1 });
  {
    using permit: Permit = breaker.acquire();
    permit.succeed();
  }
  {
    using _permit = breaker.acquire();
  }
  return breaker.tryAcquire() === undefined;
}

function refusedOption(): string | undefined {
  try {
    // @ts-expect-error A threshold is a number.
    createBreaker({ failureThreshold: '5' });
  } catch (error) {
    if (BreakerOptionsError.isInstance(error)) return error.option;
  }
  return undefined;
}
