import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian puts it. */
const executablePath = '/usr/bin/chromium';

/** Why there is no browser to test with; undefined where there is one. */
export const whyNoBrowser: string | undefined = existsSync(executablePath)
  ? undefined
  : `there is no ${executablePath}: apt-get install --no-install-recommends chromium`;

/** Starts a browser that asks nobody but the page's own server. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync'],
    ],
  });
}
