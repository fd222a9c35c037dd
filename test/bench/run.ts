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

const print = process.argv.includes('--json') ? toJson : toMarkdown;
console.log(print(rows, describeCircumstances(effort.rounds)));
