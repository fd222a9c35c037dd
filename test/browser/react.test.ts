import { expect, it } from 'vitest';
import { startBrowser } from './chromium.ts';
import { openPage } from './open-page.ts';
import { takeScreenshot } from './screenshot.ts';
import { servePage } from './serve-page.ts';

it('the React page shows an outage: closed, open with a count-down, half-open by itself, closed again', {
  timeout: 90_000,
}, async () => {
  await using served = await servePage('react');
  await using browser = await startBrowser();
  const { page, errors } = await openPage(browser, 250);
  await page.goto(served.url);
  const badge = page.locator('.badge');
  const lines = page.locator('li');
  /** Clicks, and waits for the answer. */
  const ask = async () => {
    const count = await lines.count();
    await page.getByRole('button', { name: 'Ask' }).click();
    await lines.nth(count).waitFor();
    return lines.nth(count).textContent();
  };
  const shoot = async (name: string) => {
    const { taken, kept } = await takeScreenshot(page, `react/${name}.png`);
    expect([name, kept]).toEqual([name, taken]);
  };

  expect(await ask()).toBe('A circuit breaker stops calls that would fail.');
  expect(await badge.textContent()).toBe('closed');
  await shoot('closed');

  await page.getByLabel('The provider has an outage').check();
  for (let call = 1; call <= 3; call++) expect(await ask()).toMatch(/^Failed: 503 /);
  expect(await badge.textContent()).toBe('opentrial in 5 s');
  expect(await ask()).toBe('Not asked: the circuit is open.');
  await shoot('open');
  await badge.getByText('trial in 3 s').waitFor();
  await badge.getByText('trial in 1 s').waitFor();

  await badge.getByText('half-open').waitFor();
  expect(await badge.textContent()).toBe('half-open: the next call is a trial');
  await shoot('half-open');

  await page.getByLabel('The provider has an outage').uncheck();
  expect(await ask()).toBe('A circuit breaker stops calls that would fail.');
  expect(await badge.textContent()).toBe('closed');
  expect(errors).toEqual([]);
});
