import { readFile } from 'node:fs/promises';
import { circuitBreakerMachine } from 'agent-circuit-breaker/machines';
import { expect, it } from 'vitest';
import type { InspectorMessage } from '../inspector/viewer.ts';
import { startBrowser } from './chromium.ts';
import { openPage } from './open-page.ts';
import { takeScreenshot } from './screenshot.ts';
import { servePage } from './serve-page.ts';

it('S-75 the page shows its breaker in the inspector: the whole chart, every state it is in, and no secret', {
  timeout: 90_000,
}, async () => {
  await using served = await servePage('inspect-browser');
  await using browser = await startBrowser();
  const { page, errors } = await openPage(browser, 740);
  // The inspector itself is on the internet; what stands in its place draws what it is told.
  const body = await readFile(new URL('inspector-stub.html', import.meta.url), 'utf8');
  await page.route('https://stately.ai/**', (route) => route.fulfill({ contentType: 'text/html', body }));
  await page.goto(served.url);
  const frame = page.frameLocator('iframe');
  const shows = (path: string) => frame.locator(`section.active[data-path="${path}"]`).waitFor();
  const click = (name: string) => page.getByRole('button', { name, exact: true }).click();

  await shows('closed');
  await click('Ask');
  await click('Ask during an outage');
  await click('Ask during an outage');
  await shows('open');
  await shows('halfOpen.free');
  const { taken, kept } = await takeScreenshot(page, 'inspect-browser/inspector.png');
  expect(kept).toEqual(taken);
  await click('Ask');
  await shows('closed');

  const viewer = page.frame({ url: 'https://stately.ai/inspect' });
  const text = String(await viewer?.evaluate('JSON.stringify(messages)'));
  const messages: readonly InspectorMessage[] = JSON.parse(text);
  const model = messages.find(({ name }) => name === 'model');
  expect(JSON.parse(model?.definition ?? '{}').states).toEqual(
    JSON.parse(JSON.stringify(circuitBreakerMachine.config.states)),
  );
  const own = messages.filter(({ sessionId }) => sessionId === model?.sessionId);
  const events = own.filter(({ type }) => type === '@xstate.event').map(({ event }) => event?.type);
  expect(events).toEqual([
    ...['xstate.init', 'call.succeeded', 'call.failed', 'call.failed', 'xstate.after.recoveryTimeout.breaker.open'],
    ...['trial.started', 'call.succeeded'],
  ]);
  const values = own.filter(({ type }) => type === '@xstate.snapshot').map(({ snapshot }) => snapshot?.value);
  expect(values).toEqual([
    ...['closed', 'closed', 'closed', 'open', { halfOpen: 'free' }, { halfOpen: 'full' }, 'closed'],
  ]);
  for (const secret of ['sk-page-123', 'What is a circuit breaker?', 'authorization'])
    expect(text.toLowerCase()).not.toContain(secret.toLowerCase());
  expect(errors).toEqual([]);
});
