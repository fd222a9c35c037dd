import { describe, expect, it } from 'vitest';
import type { Call } from '../../examples/demo/call.ts';
import type { DemoReport, LaneReport } from '../../examples/demo/report.ts';
import { runScript, startScript } from '../support/child.ts';

const demo = 'examples/demo/demo.ts';
const escapeCode = '\u001b';

describe.concurrent('the demo', () => {
  it('prints one JSON document with --json, whose numbers agree with one another', async () => {
    const { code, stdout, stderr } = await runScript(demo, '--json');
    expect(stderr).toBe('');
    const report: DemoReport = JSON.parse(stdout);
    const { withBreaker, withoutBreaker, counts, outage, scenario, transitions } = report;

    expect(counts).toEqual({ provider: withBreaker.reachedProvider, breaker: counts.provider, agree: true });
    expectToAddUp(withBreaker);
    expectToAddUp(withoutBreaker);
    expect([withBreaker.asked, withoutBreaker.asked]).toEqual([scenario.ticks, scenario.ticks]);

    expect(withBreaker.neverReachedProvider).toBe(withBreaker.rejected);
    expect(withBreaker.rejected).toBeGreaterThan(0);
    expect(withoutBreaker.neverReachedProvider).toBe(0);
    const failures = new Set(withoutBreaker.calls.map(({ outcome }) => outcome));
    expect([...failures].sort()).toEqual(['answered', 'deadline', 'reset', 'status']);

    const { measuredMs, rejectedDuringOutage } = report.waitingSaved;
    expect(measuredMs).toBe(withoutBreaker.waitedForFailuresMs - withBreaker.waitedForFailuresMs);
    expect(measuredMs).toBeGreaterThan(0);
    expect(rejectedDuringOutage + withBreaker.rejectedAfterOutage).toBe(withBreaker.rejected);

    const openedAt = transitions.find(({ to }) => to === 'open')?.atMs ?? Number.NaN;
    const closedAt = transitions.at(-1)?.atMs ?? Number.NaN;
    expect(transitions.at(-1)?.to).toBe('closed');
    expect(report.timeToDetectMs).toBe(openedAt - (outage.fromMs ?? Number.NaN));
    expect(report.timeToRecoverMs).toBe(closedAt - (outage.toMs ?? Number.NaN));
    expect(report).toMatchObject({ isInterrupted: false });
    expect(report.durationMs).toBeLessThan(15_000);
    expect(code).toBe(0);
  });

  it('prints a line for every call and no escape code where its output is piped', async () => {
    const { code, stdout, stderr } = await runScript(demo);
    expect(stderr).toBe('');
    expect(stdout).not.toContain(escapeCode);
    const lines = stdout.split('\n');
    const asked = lines.find((line) => line.includes('calls asked'))?.match(/\d+/)?.[0];
    expect(lines.filter((line) => /^ *\d+\.\d\d s {2}caller \d/.test(line))).toHaveLength(Number(asked));
    expect(lines.filter((line) => / {2}provider {2}/.test(line)).map((line) => line.slice(19))).toEqual([
      'healthy',
      'outage: 503, connection resets, hanging headers',
      'healthy',
    ]);
    for (const part of ['closed -> open', 'open -> half-open', 'half-open -> closed', 'not sent: trial in'])
      expect(stdout).toContain(part);
    expect(stdout).toMatch(/The provider counted (\d+) requests, the breaker \1 calls let through\.\s+They agree\./);
    expect(code).toBe(0);
  });

  it('ends at once on Ctrl-C, with the summary so far', async () => {
    const child = await startScript(demo);
    await child.printed(/closed -> open/);
    child.interrupt();
    // A launcher hands the signal on while the terminal sends it too.
    child.interrupt();
    const { code, stdout, stderr } = await child.ended;
    expect(code).toBe(130);
    expect(stderr).toBe('');
    expect(stdout).toContain('Summary, interrupted after');
    expect(stdout).toContain('not yet');
    expect(stdout).not.toContain('half-open -> closed');
  });

  it('refuses an unknown flag', async () => {
    const { code, stdout, stderr } = await runScript(demo, '--jsn');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe('Unknown argument "--jsn". There are --json, --inspect and --help.\n');
  });

  it('explains itself', async () => {
    const { code, stdout } = await runScript(demo, '--help');
    expect(code).toBe(0);
    for (const part of ['Usage: npm run demo', '--json', '--help', 'Exit codes']) expect(stdout).toContain(part);
  });
});

/** Every call is in exactly one of the ends, and reached the provider or did not. */
function expectToAddUp({ calls, asked, answered, failed, rejected, cancelled, ...lane }: LaneReport): void {
  expect(calls).toHaveLength(asked);
  expect(answered + failed + rejected + cancelled).toBe(asked);
  expect(lane.reachedProvider + lane.neverReachedProvider).toBe(asked);
  expect(lane.reachedProvider).toBe(asked - rejected);
  expect(calls.filter(({ outcome }) => outcome === 'answered')).toHaveLength(answered);
  expect(calls.filter(({ outcome }) => outcome === 'rejected')).toHaveLength(rejected);
  const failures = calls.filter(({ outcome }) => ['status', 'reset', 'deadline', 'other'].includes(outcome));
  expect(failures).toHaveLength(failed);
  expect(lane.waitedForFailuresMs).toBe(sumDurations(failures));
}

function sumDurations(calls: readonly Call[]): number {
  return calls.reduce((sum, { askedAtMs, endedAtMs }) => sum + (endedAtMs ?? Number.NaN) - askedAtMs, 0);
}
