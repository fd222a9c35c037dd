import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { runScript } from './child.ts';
import { skipReasons, stories } from './stories.ts';

const runner = 'examples/run.ts';

describe('the examples', () => {
  // All of them run at once, each as a process of its own.
  it.concurrent.for(Object.entries(stories))(
    '%s tells its story and ends well',
    { timeout: 90_000 },
    async ([name, story], { expect, skip }) => {
      skip(skipReasons[name] !== undefined, skipReasons[name]);
      const { code, stdout, stderr } = await runScript(runner, name);
      const lines = stdout.split('\n');
      expect(stderr).toBe('');
      expect(lines.filter((line) => story.includes(line))).toEqual(story);
      expect(code).toBe(0);
    },
  );

  it('are all known to this test', async () => {
    const files = await readdir(new URL('../../examples/', import.meta.url));
    const names = files.filter((file) => file.endsWith('.ts') && file !== 'run.ts').map((file) => file.slice(0, -3));
    expect(names.sort()).toEqual(Object.keys(stories).sort());
  });

  it.concurrent('are listed with a headline each where no name is given', async () => {
    const { code, stdout } = await runScript(runner);
    expect(code).toBe(0);
    for (const name of Object.keys(stories)) expect(stdout).toMatch(new RegExp(`^ {2}${name} +[A-Z].+\\.$`, 'm'));
  });

  it.concurrent.each(['run', '../src/index'])('are listed after an unknown name: %s', async (name) => {
    const { code, stdout, stderr } = await runScript(runner, name);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(`There is no example "${name}".`);
    expect(stderr).toContain('quick-start');
  });
});
