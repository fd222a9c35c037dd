import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { ScriptStep } from './fault.ts';

/**
 * Refuses a step that could not be carried out, where it is given and not where it is used.
 * @throws RangeError when a status, a delay or a count is out of range
 * @throws TypeError when a header's name or value is not allowed in HTTP
 */
export function checkStep(step: ScriptStep): void {
  if (step === 'ok') return;
  if (step.kind === 'status') {
    checkInteger('status', step.status, 200, 599);
    checkHeaders(step.headers ?? {});
  }
  if ('delayMs' in step) checkDelay('delayMs', step.delayMs);
  if (step.kind === 'slow') checkDelay('chunkDelayMs', step.chunkDelayMs ?? 0);
  if ('afterChunks' in step) checkInteger('afterChunks', step.afterChunks, 0, 1_000_000);
}

function checkInteger(name: string, value: number, lowest: number, highest: number): void {
  if (Number.isInteger(value) && value >= lowest && value <= highest) return;
  throw new RangeError(`${name} must be a whole number from ${lowest} to ${highest}, received ${value}.`);
}

function checkDelay(name: string, value: number): void {
  checkInteger(name, value, 0, 2_147_483_647);
}

function checkHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
}
