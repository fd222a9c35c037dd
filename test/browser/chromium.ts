import { type Browser, chromium } from 'playwright-core';
import { chromiumPath } from '../rooms/programs.ts';

/** Starts a browser that asks nobody but the page's own server. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync'],
    ],
  });
}
