import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { projectRoot } from '../package/package-copy.ts';
import { connectViewer } from './viewer.ts';

it('shows the running demo live with --inspect: closed, open, half-open and closed again', {
  timeout: 40_000,
}, async () => {
  const args = ['--import', 'tsx', 'examples/demo/demo.ts', '--json', '--inspect'];
  const demo = spawn(process.execPath, args, { cwd: projectRoot, stdio: ['ignore', 'ignore', 'pipe'] });
  const exit = once(demo, 'exit');
  const [line] = await once(createInterface(demo.stderr), 'line');
  expect(line).toMatch(/^The breaker's chart is live at http:\/\/localhost:\d+$/);
  using viewer = await connectViewer(String(line).replace(/^.*localhost/, 'ws://127.0.0.1'));
  await viewer.until(({ snapshot }) => snapshot?.value === 'open');
  const [code] = await exit;
  expect(code).toBe(0);
  const root = viewer.messages.find(({ name }) => name === 'model');
  const values = viewer.messages
    .filter(({ type, sessionId }) => type === '@xstate.snapshot' && sessionId === root?.sessionId)
    .map(({ snapshot }) => JSON.stringify(snapshot?.value));
  const changes = values.filter((value, index) => value !== values[index - 1]);
  expect(changes.slice(0, 2)).toEqual(['"closed"', '"open"']);
  expect(changes).toContain('{"halfOpen":"full"}');
  expect(changes.at(-1)).toBe('"closed"');
});
