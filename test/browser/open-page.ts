import type { Browser, Page } from 'playwright-core';

/** A page in a browser, and what has gone wrong in it. */
export interface OpenPage {
  readonly page: Page;
  readonly errors: readonly string[];
}

/** Opens a page; whatever goes wrong in it is written down. */
export async function openPage(browser: Browser, height: number): Promise<OpenPage> {
  const page = await browser.newPage({ viewport: { width: 640, height } });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    // The browser itself reports the answers of an outage.
    if (message.type() === 'error' && !message.text().includes('503')) errors.push(message.text());
  });
  return { page, errors };
}
