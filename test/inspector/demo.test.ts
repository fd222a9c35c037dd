import { expect, it } from 'vitest';
import { startScript } from '../support/child.ts';
import { connectViewer } from './viewer.ts';

it('shows the running demo live with --inspect: closed, open, half-open and closed again', {
  timeout: 40_000,
}, async () => {
  const demo = await startScript('examples/demo/demo.ts', '--json', '--inspect');
  const line = await demo.printed(/The breaker's chart is live at http:\/\/localhost:(\d+)\n/);
  using viewer = await connectViewer(`ws://127.0.0.1:${line[1]}`);
  await viewer.until(({ snapshot }) => snapshot?.value === 'open');
  expect(await demo.ended).toMatchObject({ code: 0, stderr: line[0] });
  const root = viewer.messages.find(({ name }) => name === 'model');
  const values = viewer.messages
    .filter(({ type, sessionId }) => type === '@xstate.snapshot' && sessionId === root?.sessionId)
    .map(({ snapshot }) => JSON.stringify(snapshot?.value));
  const changes = values.filter((value, index) => value !== values[index - 1]);
  expect(changes.slice(0, 2)).toEqual(['"closed"', '"open"']);
  expect(changes).toContain('{"halfOpen":"full"}');
  expect(changes.at(-1)).toBe('"closed"');
});
