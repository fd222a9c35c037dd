export { createTestClock, type TestClock } from 'agent-circuit-breaker/testing';
