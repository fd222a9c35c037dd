import { cpuNs } from '../measuring/cpu-time.ts';

// A process that has done nothing before: tells what an import, or an import and a first call, takes.

const packageName = process.argv[2] ?? '';
const start = cpuNs();
const { createBreaker } = await import(packageName);
if (process.argv[3] === 'call') await createBreaker({ failureThreshold: 5 }).call(async () => 'answer');
process.send?.(cpuNs() - start, () => process.disconnect());
