import { CallTimeoutError, createBreaker, type StreamOptions } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { createSource, type ScriptedSource, settle, threeItems } from './streams.ts';

/** A stream that has been started, and whose signal is at hand. */
function start(options: StreamOptions<string>) {
  const clock = createTestClock();
  const breaker = createBreaker({ name: 'model', clock });
  const source = createSource();
  const signals: AbortSignal[] = [];
  const stream = breaker.stream(({ signal }) => {
    signals.push(signal);
    return source;
  }, options);
  const give = async (from: ScriptedSource = source) => {
    const next = stream.next();
    await settle();
    await from.give('item');
    return next;
  };
  return { breaker, clock, source, signals, stream, give };
}

describe('a stream that is interrupted', () => {
  it('S-43 by its caller rejects at once with the reason, and is neutral, whatever its source does', async () => {
    for (const items of [0, 1]) {
      const controller = new AbortController();
      const { breaker, stream, give, source, signals } = start({ signal: controller.signal });
      if (items > 0) await give();
      const next = reasonOf(stream.next());
      await settle();
      controller.abort('stop');
      expect(await next).toBe('stop');
      expect([signals[0]?.aborted, signals[0]?.reason, source.returned]).toEqual([true, 'stop', 1]);
      expect(await stream.next()).toEqual({ done: true, value: undefined });
      await source.fail(new Error('late'));
      expect(breaker.metrics()).toMatchObject({ calls: 1, cancelled: 1, failures: 0, successes: 0, inFlight: 0 });
    }
  });

  it('S-43 while its consumer is busy rejects at the next item', async () => {
    const controller = new AbortController();
    const { breaker, stream, give } = start({ signal: controller.signal });
    await give();
    controller.abort('stop');
    expect(breaker.metrics()).toMatchObject({ cancelled: 1, inFlight: 0 });
    expect(await reasonOf(stream.next())).toBe('stop');
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('S-44 by a TimeoutError of its caller counts as a failure', async () => {
    const controller = new AbortController();
    const { breaker, stream } = start({ signal: controller.signal });
    const next = reasonOf(stream.next());
    await settle();
    const reason = new DOMException('too slow', 'TimeoutError');
    controller.abort(reason);
    expect(await next).toBe(reason);
    expect(breaker.metrics()).toMatchObject({ failures: 1, timeouts: 1, cancelled: 0 });
  });

  it('S-45 before it begins calls nothing and counts nothing', async () => {
    const { breaker, stream, signals } = start({ signal: AbortSignal.abort('stopped') });
    expect(await reasonOf(stream.next())).toBe('stopped');
    expect(signals).toEqual([]);
    expect(breaker.metrics()).toMatchObject({ calls: 0, cancelled: 0, rejected: 0 });
  });

  it('S-43 S-45 by a callback that runs as it is admitted is not begun', async () => {
    const clock = createTestClock();
    const controller = new AbortController();
    const breaker = createBreaker({ clock, recoveryTimeout: 10, onHalfOpen: () => controller.abort('stop') });
    breaker.trip();
    clock.jump(10);
    let begun = 0;
    const stream = breaker.stream(
      () => {
        begun++;
        return threeItems();
      },
      { signal: controller.signal },
    );
    expect(await reasonOf(stream.next())).toBe('stop');
    expect([begun, breaker.metrics().inFlight, breaker.metrics().trials]).toEqual([0, 0, 0]);
  });

  it('S-44 when its first item takes too long, connecting included', async () => {
    const clock = createTestClock();
    const breaker = createBreaker({ name: 'model', clock });
    let signal: AbortSignal | undefined;
    const stream = breaker.stream(
      (context) => {
        signal = context.signal;
        return new Promise<AsyncIterable<string>>(() => {});
      },
      { firstItemTimeout: 5_000, idleTimeout: 100 },
    );
    const next = reasonOf(stream.next());
    await settle();
    clock.advance(4_999);
    await settle();
    expect(breaker.metrics().inFlight).toBe(1);
    clock.advance(1);
    const error = await next;
    expect(error).toBeInstanceOf(CallTimeoutError);
    expect([error, signal?.reason]).toEqual([
      expect.objectContaining({ timeoutMs: 5_000, limit: 'firstItemTimeout' }),
      error,
    ]);
    expect(breaker.metrics()).toMatchObject({ failures: 1, timeouts: 1, inFlight: 0 });
    expect(clock.pendingTimers).toBe(0);
  });

  it('S-44 when it stalls; the time that its consumer takes is none of its own', async () => {
    const { breaker, clock, stream, give } = start({ idleTimeout: 1_000 });
    await give();
    clock.advance(60_000);
    await give();
    const next = reasonOf(stream.next());
    await settle();
    clock.advance(999);
    await settle();
    expect(breaker.metrics().inFlight).toBe(1);
    clock.advance(1);
    expect(await next).toMatchObject({ name: 'CallTimeoutError', timeoutMs: 1_000, limit: 'idleTimeout' });
    expect(breaker.metrics()).toMatchObject({ failures: 1, timeouts: 1, inFlight: 0 });
  });

  it('S-44 when it never starts and only idleTimeout is set', async () => {
    const { clock, stream } = start({ idleTimeout: 1_000 });
    const next = reasonOf(stream.next());
    await settle();
    clock.advance(1_000);
    expect(await next).toBeInstanceOf(CallTimeoutError);
  });

  it('S-44 when all of it takes longer than its deadline, whoever is slow', async () => {
    const { breaker, clock, stream, give, source } = start({ timeout: 10_000 });
    await give();
    clock.advance(9_999);
    await give();
    clock.advance(1);
    expect(breaker.metrics()).toMatchObject({ failures: 1, timeouts: 1, inFlight: 0 });
    expect(source.returned).toBe(1);
    expect(await reasonOf(stream.next())).toMatchObject({ timeoutMs: 10_000, limit: 'timeout' });
  });

  it('S-47 drops what comes late, also a source that arrives when nobody waits for it any more', async () => {
    const clock = createTestClock();
    const breaker = createBreaker({ clock });
    const source = createSource();
    let arrive: (source: ScriptedSource) => void = () => {};
    const stream = breaker.stream(() => new Promise<ScriptedSource>((resolve) => (arrive = resolve)), { timeout: 10 });
    const next = reasonOf(stream.next());
    await settle();
    clock.advance(10);
    expect(await next).toBeInstanceOf(CallTimeoutError);
    arrive(source);
    await settle();
    expect([source.returned, breaker.metrics().failures]).toEqual([1, 1]);
  });

  it('S-46 leaves no listener on a long-lived signal: 10,000 streams', async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listeners++;
      addEventListener.apply(signal, args);
    };
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listeners--;
      removeEventListener.apply(signal, args);
    };
    const breaker = createBreaker();
    for (let count = 0; count < 10_000; count++) {
      const stream = breaker.stream(threeItems, { signal });
      await stream.next();
      await stream.return();
    }
    expect(listeners).toBe(0);
    expect(breaker.metrics()).toMatchObject({ successes: 10_000, inFlight: 0 });
  });

  it('leaves no timer behind, however it ends', async () => {
    const options = { firstItemTimeout: 100, idleTimeout: 100, timeout: 1_000 };
    for (const end of ['end', 'fail', 'return'] as const) {
      const { clock, stream, give, source } = start(options);
      await give();
      expect(clock.pendingTimers).toBe(1);
      if (end === 'return') await stream.return();
      else {
        const next = stream.next().catch(() => {});
        await settle();
        await source[end](new Error('down'));
        await next;
      }
      expect([end, clock.pendingTimers]).toEqual([end, 0]);
    }
  });
});
