import { readFile, writeFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';

/**
 * Takes a screenshot and compares its size with the one in the README, which is kept beside the example.
 * With UPDATE_SCREENSHOTS in the environment it takes that one's place, to be looked at before it is committed.
 *
 * @returns Width and height of both, in pixels; 0 where there is none.
 */
export async function takeScreenshot(page: Page, file: string) {
  const path = new URL(`../../examples/${file}`, import.meta.url);
  const taken = await page.screenshot();
  if (process.env.UPDATE_SCREENSHOTS) await writeFile(path, taken);
  return { taken: sizeOf(taken), kept: sizeOf(await readFile(path).catch(() => Buffer.alloc(24))) };
}

/** A PNG tells its size at its beginning. */
function sizeOf(png: Buffer): readonly [number, number] {
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}
