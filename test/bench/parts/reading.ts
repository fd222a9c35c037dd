import { createBreaker, createBreakerRegistry } from 'agent-circuit-breaker';
import { fail, succeed } from '../libraries/operations.ts';
import type { Effort } from '../measuring/rounds.ts';
import { synchronous, timeCalls } from '../measuring/turns.ts';
import type { Figures } from '../row.ts';
import { beside } from './beside.ts';

/** What a breaker has seen. */
export async function measureMetrics(effort: Effort): Promise<Figures> {
  const breaker = await usedBreaker();
  return beside(effort, { unit: 'ns', ours: synchronous(() => breaker.metrics()) });
}

/** A breaker as JSON. */
export async function measureSnapshot(effort: Effort): Promise<Figures> {
  const breaker = await usedBreaker();
  return beside(effort, { unit: 'ns', ours: synchronous(() => breaker.toJSON()) });
}

/** What all breakers of a registry have seen. */
export async function measureRegistryMetrics(count: number, effort: Effort): Promise<Figures> {
  const registry = createBreakerRegistry({ failureThreshold: 5 });
  for (let index = 0; index < count; index++) await registry.get(`key ${index}`).call(succeed);
  return beside(effort, { unit: 'us', ours: synchronous(() => registry.metrics()) });
}

async function usedBreaker() {
  const breaker = createBreaker({ failureThreshold: 5 });
  await timeCalls(() => breaker.call(fail), 2);
  await breaker.call(succeed);
  return breaker;
}
