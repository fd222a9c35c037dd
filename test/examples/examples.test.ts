import { readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleScripts } from '../support/bundle-scripts.ts';
import { startNode } from '../support/child.ts';
import { fleetStory, stories } from './stories.ts';

const runner = ['--import', 'tsx', 'examples/run.ts'];

describe('the examples', () => {
  let bundles: ReadonlyMap<string, string>;
  beforeAll(async () => {
    bundles = await bundleScripts(Object.keys(stories).map((name) => `examples/${name}.ts`));
  });

  // Some tell of calls that are too slow, by the real clock: on a busy machine every call may be.
  it.concurrent.for(Object.entries(stories))(
    '%s tells its story and ends well',
    { retry: 2 },
    async ([name, story], { expect }) => {
      const { code, stdout, stderr } = await startNode([bundles.get(name) ?? '']).ended;
      const lines = stdout.split('\n');
      expect(stderr).toBe('');
      expect(lines.filter((line) => story.includes(line))).toEqual(story);
      expect(code).toBe(0);
    },
  );

  it('are all known to this test', async () => {
    const files = await readdir(new URL('../../examples/', import.meta.url));
    const names = files.filter((file) => file.endsWith('.ts') && file !== 'run.ts').map((file) => file.slice(0, -3));
    expect(names.sort()).toEqual([...Object.keys(stories), 'fleet'].sort());
    expect(fleetStory.length).toBeGreaterThan(0);
  });
});

describe.concurrent('npm run example', () => {
  it('runs the example whose name it is given', async ({ expect }) => {
    const { code, stdout, stderr } = await startNode([...runner, 'quick-start']).ended;
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toEqual(expect.arrayContaining([...(stories['quick-start'] ?? [])]));
  });

  it('lists them with a headline each where it is given none', async ({ expect }) => {
    const { code, stdout } = await startNode(runner).ended;
    expect(code).toBe(0);
    for (const name of Object.keys(stories)) expect(stdout).toMatch(new RegExp(`^ {2}${name} +[A-Z].+\\.$`, 'm'));
  });

  it.for(['run', '../src/index'])('lists them after a name that it does not know: %s', async (name, { expect }) => {
    const { code, stdout, stderr } = await startNode([...runner, name]).ended;
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(`There is no example "${name}".`);
    expect(stderr).toContain('quick-start');
  });
});
