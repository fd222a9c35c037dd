import { describe, expect, it, vi } from 'vitest';
import { createSecondsHint } from '../../../src/options/seconds-hint.ts';
import { createTestClock } from '../../support/test-clock.ts';

function createHint() {
  const warnings: string[] = [];
  return { warnings, hint: createSecondsHint((message) => warnings.push(message)) };
}

describe('a duration that looks like seconds', () => {
  it.each(['recoveryTimeout', 'failureWindow', 'trialTimeout', 'timeout'])('is warned of: %s', (option) => {
    const { warnings, hint } = createHint();
    hint({ [option]: 60 });
    expect(warnings).toEqual([
      `agent-circuit-breaker: ${option} is 60 ms. Durations are in milliseconds: if 60 seconds are meant, it is 60000.`,
    ]);
  });

  it('is warned of once, in all breakers there are', () => {
    const { warnings, hint } = createHint();
    for (const recoveryTimeout of [30, 60, 30]) hint({ recoveryTimeout });
    hint({ timeout: 5 });
    expect(warnings).toHaveLength(1);
  });

  it('is warned of nowhere where it is milliseconds, or time is moved by a clock', () => {
    const { warnings, hint } = createHint();
    hint({});
    hint({ recoveryTimeout: 60_000, failureWindow: 121, trialTimeout: 200, timeout: 100 });
    hint({ recoveryTimeout: 60, clock: createTestClock() });
    hint({ slowCallThreshold: 50, recoveryTimeout: 1, timeout: 7.5 });
    expect(warnings).toEqual([]);
  });

  it('is warned of by createBreaker and createBreakerRegistry, through console.warn, and refuses nothing', async () => {
    vi.resetModules();
    const { createBreaker, createBreakerRegistry } = await import('agent-circuit-breaker');
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    try {
      createBreaker({ clock: createTestClock(), recoveryTimeout: 60 }).stop();
      expect(warn).not.toHaveBeenCalled();
      createBreakerRegistry({ recoveryTimeout: 60 }).stop();
      createBreaker({ recoveryTimeout: 60 }).stop();
      expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('recoveryTimeout is 60 ms'));
    } finally {
      warn.mockRestore();
    }
  });
});
