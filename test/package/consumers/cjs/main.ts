import { useChart } from './use-chart.js';
import { useEntries } from './use-entries.js';
import { usePackage } from './use-package.js';

async function useAll(): Promise<void> {
  console.log(JSON.stringify({ package: await usePackage(), chart: await useChart(), entries: await useEntries() }));
}

useAll();
