import { useChart } from './use-chart.js';
import { useEntries } from './use-entries.js';
import { usePackage } from './use-package.js';

console.log(JSON.stringify({ package: await usePackage(), chart: await useChart(), entries: await useEntries() }));
