import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTempFolder, projectRoot } from '../package/package-copy.ts';
import { tryCommand } from '../package/run-command.ts';

/** What of vitest's report matters here. */
interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly TestFile[];
}
interface TestFile {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
}
interface Manifest {
  readonly version: string;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** Running thousands of tests takes a while on a machine that runs every other test at the same time. */
const patienceMs = 600_000;
let folder: string;

beforeAll(async () => {
  folder = await createTempFolder('floors');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the oldest XState that is supported', () => {
  it('is the oldest one that is tested', async () => {
    const { peerDependencies } = await readManifest('.');
    const { version } = await readManifest('node_modules/xstate518');
    expect(peerDependencies.xstate).toBe(`^${version}`);
  });
});

describe.each([
  { copy: 'xstate518', version: '5.18.2' },
  { copy: 'xstate528', version: '5.28' },
])('XState $version', ({ copy, version }) => {
  it('is installed as the copy of that name', async () => {
    expect(`${(await readManifest(`node_modules/${copy}`)).version}.`).toContain(`${version}.`);
  });

  it('passes the tests of the chart and of the breakers', { timeout: patienceMs }, async () => {
    const file = join(folder, `${copy}.json`);
    const vitest = join(projectRoot, 'node_modules/vitest/vitest.mjs');
    const config = join(projectRoot, 'test/floors/vitest.config.ts');
    const report = ['--reporter=json', `--outputFile=${file}`];
    const command = [vitest, 'run', '--config', config, '--project', `${copy} *`, ...report];
    const { output } = await tryCommand(process.execPath, command, projectRoot, { patienceMs });
    const { numPassedTests, testResults } = await readReport(file, output);
    expect(testResults.flatMap(failuresIn)).toEqual([]);
    expect(testResults.map(({ name }) => name)).toContainEqual(expect.stringMatching(/xstate-copy\.ts$/));
    expect(numPassedTests).toBeGreaterThan(5_000);
  });
});

async function readManifest(directory: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(projectRoot, directory, 'package.json'), 'utf8'));
}

async function readReport(file: string, output: string): Promise<Report> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Error(`vitest has written no report:\n${output}`);
  });
  return JSON.parse(text);
}

/** A file that could not be loaded has failed without a test. */
function failuresIn({ name, status, message, assertionResults }: TestFile): readonly string[] {
  const failed = assertionResults.filter((test) => test.status === 'failed').map((test) => test.fullName);
  return status === 'failed' && failed.length === 0 ? [`${name}: ${message}`] : failed;
}
