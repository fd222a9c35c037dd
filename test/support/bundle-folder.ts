import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a run keeps what it bundles; see `bundleScripts`. */
    readonly bundleFolder: string;
  }
}

/** Makes a folder for the bundles of a room, and removes it after the run. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'test-bundles-'));
  provide('bundleFolder', folder);
  return () => rm(folder, { recursive: true, force: true });
}
