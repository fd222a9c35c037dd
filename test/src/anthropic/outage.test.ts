import { CircuitBreakerOpenError } from 'agent-circuit-breaker';
import { expect } from 'vitest';
import { createGuardedAnthropic } from '../fetch/guarded-clients.ts';
import { describeOutage } from '../fetch/outage-suite.ts';

const expectRejection = (error: unknown) => {
  expect(CircuitBreakerOpenError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ code: 'ERR_CIRCUIT_OPEN', message: expect.stringContaining('Circuit "') });
};

describeOutage('Anthropic', createGuardedAnthropic, expectRejection, expectRejection);
