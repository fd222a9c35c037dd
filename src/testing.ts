export { checkBreakerMachine, type MachineCheckOptions } from './testing/check-breaker-machine.ts';
export { createTestClock, type TestClock } from './testing/test-clock.ts';
