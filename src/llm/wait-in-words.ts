import { amountOfTime, parseDuration, parseInstant } from './parse-wait.ts';

const announcement = '(?:try again|retry|wait|resets?|available|access|back)';
const inTime = new RegExp(`\\b${announcement}\\b[^.\\n\\d]{0,40}?((?:${amountOfTime}[\\s,]*(?:and\\s)?)+)`, 'i');
const chineseInTime = new RegExp(`((?:${amountOfTime}\\s?)+)(?:后|之后)`, 'i');
const atInstant = new RegExp(
  `\\b${announcement}\\b[^.\\n\\d]{0,40}?(\\d{4}-\\d\\d-\\d\\d)(?:T| |, | at )(\\d\\d:\\d\\d(?::\\d\\d)?)(?:\\.\\d+)? ?([+-]\\d\\d:?\\d\\d)?`,
  'i',
);

/** A header in words, which needs no unit. */
const assigned = /\bretry[-_ ]after["']?\s?[:=]\s?["']?(\d{1,9}(?:\.\d+)?)(?![\d.]*\s?[a-z\d-])/i;

/**
 * The wait that an error asks for in words: "try again in 20.5s", "will reset after 2h40m7s", "access on 2026-12-01 at
 * 00:00 UTC". Instants without an offset are in UTC.
 *
 * @param nowMs - The present, in epoch milliseconds.
 */
export function waitInWords(wording: string, nowMs: number): number | undefined {
  const [, date, time, offset = 'Z'] = atInstant.exec(wording) ?? [];
  const at = date === undefined ? undefined : parseInstant(`${date}T${time}${offset}`);
  if (at !== undefined) return Math.max(0, at - nowMs);
  const [, seconds] = assigned.exec(wording) ?? [];
  if (seconds !== undefined) return Number(seconds) * 1_000;
  const [, span = ''] = inTime.exec(wording) ?? chineseInTime.exec(wording) ?? [];
  return parseDuration(span.replace(/\band\b/gi, '').trim());
}
