import { type BreakerRegistry, createBreakerRegistry } from 'agent-circuit-breaker';
import { ours, toGrowth } from '../figures.ts';
import { type Effort, inRoundsBySize } from '../measuring/rounds.ts';
import { synchronous } from '../measuring/turns.ts';
import type { Figures } from '../row.ts';

/** Getting the same key of a registry again and again. */
export function measureHotKey(sizes: readonly number[], effort: Effort): Promise<Figures> {
  return measureKeys(sizes, effort, (keys) => {
    const hot = keys[keys.length >> 1] ?? '';
    return () => hot;
  });
}

/** Getting one key of a registry after the other: always the one that was not used for longest. */
export function measureColdKeys(sizes: readonly number[], effort: Effort): Promise<Figures> {
  return measureKeys(sizes, effort, (keys) => {
    let next = 0;
    return () => keys[next++ % keys.length] ?? '';
  });
}

type Choose = (keys: readonly string[]) => () => string;

/** Beside a Map, which knows nothing of what was used when. */
async function measureKeys(sizes: readonly number[], effort: Effort, choose: Choose): Promise<Figures> {
  const registries: BreakerRegistry[] = [];
  const ofSizes = sizes.map((size) => {
    const keys = Array.from({ length: size }, (_, index) => `key ${index}`);
    const registry = fill(keys);
    const map = new Map(registry);
    const [ofRegistry, ofMap] = [choose(keys), choose(keys)];
    registries.push(registry);
    return [
      { name: ours, turn: synchronous(() => registry.get(ofRegistry())) },
      { name: 'a Map', turn: synchronous(() => map.get(ofMap())) },
    ];
  });
  const samples = await inRoundsBySize(ofSizes, effort);
  for (const registry of registries) registry.stop();
  return toGrowth(samples, 'ns');
}

function fill(keys: readonly string[]): BreakerRegistry {
  const registry = createBreakerRegistry({ failureThreshold: 5 });
  for (const key of keys) registry.get(key);
  return registry;
}
