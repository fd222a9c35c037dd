import { createBenchmarks } from './benchmarks.ts';

// Measures one benchmark, in a process of its own: what was compiled for others, or is left of them on the heap, moves
// no figure, so that a row says the same alone and among all.

process.on('disconnect', () => process.exit());

const [size, table, name] = process.argv.slice(2);
const benchmarks = createBenchmarks(size === 'quick');
const benchmark = benchmarks.find((one) => one.table === table && one.names[0] === name);
if (benchmark === undefined) throw new Error(`There is no benchmark '${name}'.`);
const figures = await benchmark.measure(new URL('.', import.meta.url));
process.send?.(figures, () => process.exit());
