import type { DemoReport } from './report.ts';

/** The exit code that a report deserves. */
export function toExitCode({ isInterrupted, counts }: DemoReport): number {
  if (isInterrupted) return 130;
  return counts.agree ? 0 : 1;
}
