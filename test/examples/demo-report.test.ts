import { describe, expect, it } from 'vitest';
import { toExitCode } from '../../examples/demo/exit-code.ts';
import { plain } from '../../examples/demo/palette.ts';
import { summarise } from '../../examples/demo/report.ts';
import { scenario } from '../../examples/demo/scenario.ts';
import { renderSummary } from '../../examples/demo/summary.ts';
import { createCall, createRecording } from './recordings.ts';

const outageTicks = scenario.outageToTick - scenario.outageFromTick;

describe('the report of the demo', () => {
  it('weighs the waiting with a breaker against the same calls without one', () => {
    const { waitingSaved, withBreaker, withoutBreaker } = summarise(createRecording());
    expect(withBreaker.waitedForFailuresMs).toBe(2 * 450);
    expect(withoutBreaker.waitedForFailuresMs).toBe(outageTicks * 450);
    expect(waitingSaved).toEqual({
      measuredMs: (outageTicks - 2) * 450,
      estimatedMs: (outageTicks - 2) * 450,
      rejectedDuringOutage: outageTicks - 2,
      meanFailureMs: 450,
    });
  });

  it('times the detection from the start of the outage and the recovery from its end', () => {
    const { timeToDetectMs, timeToRecoverMs, withBreaker } = summarise(createRecording());
    expect({ timeToDetectMs, timeToRecoverMs }).toEqual({ timeToDetectMs: 600, timeToRecoverMs: 250 });
    expect(withBreaker.firstAnswerAfterOutageMs).toBe(120);
  });

  it('takes a call rejected after the outage for a price, and leaves it out of the estimate', () => {
    const { guarded } = createRecording();
    const calls = guarded.calls.map((call, tick) =>
      tick === scenario.outageToTick ? createCall(tick, 'rejected', 0) : call,
    );
    const report = summarise(createRecording({ guarded: { calls, requestCount: guarded.requestCount - 1 } }));
    expect(report.withBreaker.rejectedAfterOutage).toBe(1);
    expect(report.waitingSaved.rejectedDuringOutage).toBe(outageTicks - 2);
    expect(report.withBreaker.firstAnswerAfterOutageMs).toBe(scenario.tickMs + 120);
  });

  it.each([-1, 1])('fails when the provider and the breaker counted differently (%i)', (difference) => {
    const { admittedCount } = createRecording();
    const report = summarise(createRecording({ admittedCount: admittedCount + difference }));
    expect(report.counts).toEqual({ provider: admittedCount, breaker: admittedCount + difference, agree: false });
    expect(toExitCode(report)).toBe(1);
    expect(renderSummary(report, 80, plain).join('\n')).toContain('DISAGREE');
  });

  it('allows for the calls that an interruption cut off, and only for those', () => {
    const { guarded, admittedCount } = createRecording();
    const interrupted = (cancelled: number) =>
      summarise(
        createRecording({
          isInterrupted: true,
          admittedCount: admittedCount + 2,
          guarded: {
            calls: [...guarded.calls, ...Array.from({ length: cancelled }, () => createCall(60, 'cancelled', 10))],
            requestCount: guarded.requestCount,
          },
        }),
      );
    expect(interrupted(2).counts.agree).toBe(true);
    expect(interrupted(1).counts.agree).toBe(false);
    expect(toExitCode(interrupted(2))).toBe(130);
  });

  it('has no numbers for what has not happened yet', () => {
    const nothing = { calls: [], requestCount: 0 };
    const report = summarise(
      createRecording({
        ...{ guarded: nothing, bare: nothing, admittedCount: 0, transitions: [], isInterrupted: true },
        outage: { fromMs: null, toMs: null },
      }),
    );
    expect(report).toMatchObject({
      timeToDetectMs: null,
      timeToRecoverMs: null,
      waitingSaved: { measuredMs: 0, estimatedMs: null, meanFailureMs: null },
    });
    expect(renderSummary(report, 80, plain).join('\n')).not.toMatch(/NaN|null|undefined/);
  });
});
