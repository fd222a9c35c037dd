import { createBreakerRegistry } from 'agent-circuit-breaker';
import { cpuNs } from '../measuring/cpu-time.ts';
import { median } from '../measuring/statistics.ts';
import { type Figures, judge } from '../row.ts';
import type { LibraryName } from './library.ts';

const keysPerSample = 50;

/** Making the breaker of one more key of a registry, when it holds few and when it holds many. */
export async function measureNewKeys(sizes: readonly number[], rounds: number): Promise<Figures<LibraryName>> {
  const samples = sizes.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    const registry = createBreakerRegistry({ failureThreshold: 5 });
    for (const [index, size] of sizes.entries()) {
      while (registry.size < size) registry.get(`key ${registry.size}`);
      const start = cpuNs();
      for (let added = 0; added < keysPerSample; added++) registry.get(`key ${registry.size}`);
      samples[index]?.push((cpuNs() - start) / keysPerSample);
    }
    registry.stop();
  }
  const [before = Number.NaN, after = Number.NaN] = samples.map(median);
  return {
    unit: 'ns',
    values: new Map([['agent-circuit-breaker', [before, after]]]),
    goals: [judge('at most 2 x', after / before, 2)],
  };
}
