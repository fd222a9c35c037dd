import { circuitBreaker } from 'agent-circuit-breaker';

// Only compiled: what the decorator must not compile on.
export class Refused {
  // @ts-expect-error The breaker's method returns a promise, so one that returns none cannot be decorated.
  @circuitBreaker()
  now(): number {
    return 1;
  }

  // @ts-expect-error Only methods have calls to guard.
  @circuitBreaker()
  readonly prompt: string = '';
}

// @ts-expect-error A class has no calls to guard.
@circuitBreaker()
export class RefusedClass {}
