import { readdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageWidth } from '../readme/chart/layout-drawing.ts';
import { pathOf } from '../readme/readme-text.ts';
import { startBrowser } from './chromium.ts';

/** What a reader sees of a picture, in pixels of the page. */
interface Seen {
  readonly page: string;
  readonly texts: readonly { text: string; size: number; left: number; top: number; right: number; bottom: number }[];
  /** The labels that are wider or higher than what they cover of their arrow. */
  readonly uncovered: readonly string[];
  readonly width: number;
  readonly height: number;
}

const drawings = readdirSync(pathOf('machines')).filter((file) => file.endsWith('.svg'));
let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(async () => {
  await browser.close();
});

describe.each(drawings)('%s at the width of a page', (file) => {
  it('has letters of 12 pixels and more, none over another and none outside', async () => {
    const { texts, uncovered, width, height } = await see(file, 'light');
    expect(texts.length).toBeGreaterThan(10);
    for (const one of texts) {
      expect(one.size, one.text).toBeGreaterThanOrEqual(12);
      expect([one.left >= 0, one.top >= 0, one.right <= width, one.bottom <= height], one.text).not.toContain(false);
      const over = texts.filter((other) => other !== one && meet(one, other)).map(({ text }) => text);
      expect(over, one.text).toEqual([]);
    }
    expect(uncovered).toEqual([]);
  });

  it('is light on a light page and dark on a dark one', async () => {
    expect((await see(file, 'light')).page).toBe('rgb(255, 255, 255)');
    expect((await see(file, 'dark')).page).toBe('rgb(13, 17, 23)');
  });
});

async function see(file: string, colorScheme: 'light' | 'dark'): Promise<Seen> {
  const page = await browser.newPage({ colorScheme, viewport: { width: pageWidth, height: 1200 } });
  await page.goto(`file://${pathOf(`machines/${file}`)}`);
  const seen = await page.evaluate((shownAt): Seen => {
    const svg = document.documentElement;
    const shown = svg.getBoundingClientRect();
    const scale = Math.min(1, shownAt / shown.width);
    const texts = [...document.querySelectorAll('text')].map((text) => {
      const { left, top, right, bottom } = text.getBoundingClientRect();
      const size = Number.parseFloat(getComputedStyle(text).fontSize) * scale;
      return { text: text.textContent ?? '', size, left, top, right, bottom };
    });
    const uncovered = [...document.querySelectorAll('g')].flatMap((label) => {
      const cover = label.querySelector('rect')?.getBoundingClientRect();
      const lines = [...label.querySelectorAll('text')].filter((line) => {
        const { left, top, right, bottom } = line.getBoundingClientRect();
        return !cover || left < cover.left || top < cover.top || right > cover.right || bottom > cover.bottom;
      });
      return lines.map((line) => line.textContent ?? '');
    });
    const back = document.querySelector('.page');
    return {
      page: back ? getComputedStyle(back).fill : '',
      ...{ texts, uncovered, width: shown.width, height: shown.height },
    };
  }, pageWidth);
  await page.close();
  return seen;
}

/** Whether two texts lie over each other, by more than the room between two lines. */
function meet(one: Seen['texts'][number], other: Seen['texts'][number]): boolean {
  const isBesides = one.right <= other.left || other.right <= one.left;
  return !isBesides && one.bottom > other.top + 1 && other.bottom > one.top + 1;
}
