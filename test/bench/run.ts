import { measureFleet } from './fleet/measure-fleet.ts';
import { describeCircumstances, toJson, toMarkdown } from './report.ts';
import {
  measureFailure,
  measureGrowth,
  measureHeapGrowth,
  measureMemory,
  measureRate,
  measureRegistry,
  measureRejection,
  measureSuccess,
} from './rows.ts';

// Started by bench.ts, which builds the package and this program first.

const isQuick = process.argv.includes('--quick');
const effort = isQuick ? { rounds: 2, calls: 20 } : { rounds: 101, calls: 4_000 };
const windowEffort = isQuick ? { rounds: 2, calls: 20 } : { rounds: 9, calls: 500 };
const sizes = isQuick ? [10, 100] : [1_000, 100_000];

const rows = [
  await measureSuccess(effort),
  await measureRejection(effort),
  await measureFailure(effort),
  await measureRate(effort),
  await measureGrowth('rate over time', 'successful', sizes, windowEffort),
  await measureGrowth('rate over time', 'failing', sizes, windowEffort),
  await measureGrowth('rate of calls', 'successful', sizes, windowEffort),
  await measureGrowth('rate of calls', 'failing', sizes, windowEffort),
  await measureGrowth('failures over time', 'failing', sizes, windowEffort),
  measureRegistry(isQuick ? [10, 100] : [100, 10_000], windowEffort),
  await measureMemory(isQuick ? 20 : 10_000),
  await measureHeapGrowth(isQuick ? 100 : 1_000_000),
];

// The name that it has when it is built.
const fleet = await measureFleet(new URL('fleet/nodes-process.js', import.meta.url), {
  calls: effort,
  crowd: isQuick ? { rounds: 1, breakers: 20 } : { rounds: 3, breakers: 500 },
  openings: isQuick ? { processes: 2, nodesOfEach: 2, openings: 3 } : { processes: 4, nodesOfEach: 5, openings: 150 },
});

const print = process.argv.includes('--json') ? toJson : toMarkdown;
console.log(print(rows, fleet, describeCircumstances(effort.rounds)));
