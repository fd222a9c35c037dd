import { keptErrors } from './memory-of-errors.mts';
import { keptSignals } from './memory-of-signals.mts';
import { scenarios } from './memory-scenarios.mts';

const collect = () => {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

/** Bytes by which the heap has grown after a scenario, its breaker being still in use. */
async function growthOf(name: string): Promise<number> {
  const scenario = scenarios[name];
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
  const act = scenario.create();
  for (let round = 0; round < 2000; round++) await act(round);
  const before = collect();
  for (let round = 0; round < scenario.times; round++) await act(round);
  const after = collect();
  await act(0);
  return after - before;
}

const [, , name = ''] = process.argv;
const others: Readonly<Record<string, () => Promise<unknown>>> = { errors: keptErrors, signals: keptSignals };
const result = await (others[name]?.() ?? growthOf(name));
process.stdout.write(JSON.stringify(result));
