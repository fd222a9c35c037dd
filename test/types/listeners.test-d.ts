import {
  type BreakerListeners,
  type BreakerListenerType,
  type BreakerMetrics,
  type BreakerOptions,
  type BreakerState,
  type BreakerStateName,
  type CallEvent,
  type CommandOrder,
  createBreaker,
  type EnteredEmit,
  type FailureReason,
  type FailureSummary,
  type FleetMetrics,
  type OpenedEmit,
  type Permit,
  type RejectEvent,
  type RejectionReason,
  SlowCallError,
  type StateChangedEmit,
} from 'agent-circuit-breaker';
import { describe, expectTypeOf, it } from 'vitest';

const breaker = createBreaker();

describe('the arguments of listeners', () => {
  it('are told by the name of the event', () => {
    breaker.on('stateChange', (from, to, event) => {
      expectTypeOf(from).toEqualTypeOf<BreakerStateName>();
      expectTypeOf(to).toEqualTypeOf<BreakerStateName>();
      expectTypeOf(event).toEqualTypeOf<StateChangedEmit>();
    });
    breaker.on('open', (event) => {
      expectTypeOf(event).toEqualTypeOf<OpenedEmit>();
      expectTypeOf(event.recoverAt).toBeNumber();
    });
    breaker.on('close', (event) => expectTypeOf(event).toEqualTypeOf<EnteredEmit>());
    breaker.on('halfOpen', (event) => expectTypeOf(event).toEqualTypeOf<EnteredEmit>());
    breaker.on('success', (event) => expectTypeOf(event).toEqualTypeOf<CallEvent>());
    breaker.on('failure', (error, event) => {
      expectTypeOf(error).toBeUnknown();
      expectTypeOf(event).toEqualTypeOf<CallEvent>();
    });
    breaker.on('reject', (event) => {
      expectTypeOf(event).toEqualTypeOf<RejectEvent>();
      expectTypeOf(event.reason).toEqualTypeOf<RejectionReason>();
      expectTypeOf(event.retryAfterMs).toEqualTypeOf<number | null>();
    });
  });

  it('are those of the option of the same name', () => {
    type Callback<K extends keyof BreakerOptions> = NonNullable<BreakerOptions[K]>;
    expectTypeOf<Callback<'onStateChange'>>().toEqualTypeOf<BreakerListeners['stateChange']>();
    expectTypeOf<Callback<'onOpen'>>().toEqualTypeOf<BreakerListeners['open']>();
    expectTypeOf<Callback<'onClose'>>().toEqualTypeOf<BreakerListeners['close']>();
    expectTypeOf<Callback<'onHalfOpen'>>().toEqualTypeOf<BreakerListeners['halfOpen']>();
    expectTypeOf<Callback<'onSuccess'>>().toEqualTypeOf<BreakerListeners['success']>();
    expectTypeOf<Callback<'onFailure'>>().toEqualTypeOf<BreakerListeners['failure']>();
    expectTypeOf<Callback<'onReject'>>().toEqualTypeOf<BreakerListeners['reject']>();
    expectTypeOf<Callback<'onIsolate'>>().toEqualTypeOf<BreakerListeners['isolate']>();
    expectTypeOf<Callback<'onSettle'>>().toEqualTypeOf<BreakerListeners['settle']>();
  });

  it('may be left unused, and a listener may be async', () => {
    expectTypeOf(breaker.on('open', () => {})).toEqualTypeOf<() => void>();
    breaker.on('failure', async () => 'ignored');
  });

  it('do not compile for an event that does not exist, or with arguments of another', () => {
    expectTypeOf<BreakerListenerType>().toEqualTypeOf<
      'open' | 'close' | 'halfOpen' | 'isolate' | 'stateChange' | 'success' | 'failure' | 'reject' | 'settle'
    >();
    // @ts-expect-error There is no such event.
    breaker.on('opened', () => {});
    // @ts-expect-error A success has no error.
    breaker.on('success', (_error, event: CallEvent) => event);
    // @ts-expect-error A listener is a function.
    breaker.on('open', {});
  });
});

describe('the state and the metrics', () => {
  it('have the states of the chart, and stopped', () => {
    expectTypeOf(breaker.state).toEqualTypeOf<BreakerState>();
    expectTypeOf<BreakerState>().toEqualTypeOf<'closed' | 'open' | 'halfOpen' | 'isolated' | 'disabled' | 'stopped'>();
    expectTypeOf<BreakerMetrics['state']>().toEqualTypeOf<BreakerState>();
    expectTypeOf<RejectionReason>().toEqualTypeOf<'open' | 'halfOpen' | 'isolated' | 'stopped'>();
  });

  it('have fields of plain data', () => {
    const metrics = breaker.metrics();
    expectTypeOf(metrics).toEqualTypeOf<BreakerMetrics>();
    type Counts = Omit<
      BreakerMetrics,
      'name' | 'state' | 'waitMs' | 'rampShare' | 'retryAfterMs' | 'lastFailure' | 'kinds' | 'fleet'
    >;
    expectTypeOf<Counts[keyof Counts]>().toEqualTypeOf<number>();
    type Wanted = 'calls' | 'successes' | 'failures' | 'ignored' | 'cancelled' | 'timeouts' | 'rejected' | 'inFlight';
    type Rates = 'slow' | 'failureRate' | 'slowRate';
    expectTypeOf<Wanted | Rates | 'since' | 'generation' | 'trials' | 'consecutiveFailures' | 'reopenings'>().toExtend<
      keyof Counts
    >();
    expectTypeOf(metrics.waitMs).toEqualTypeOf<number | null>();
    expectTypeOf(metrics.rampShare).toEqualTypeOf<number | null>();
    expectTypeOf(metrics.name).toBeString();
    expectTypeOf(metrics.retryAfterMs).toEqualTypeOf<number | null>();
    expectTypeOf(metrics.fleet).toEqualTypeOf<FleetMetrics | null>();
    expectTypeOf<FleetMetrics['reason']>().toEqualTypeOf<FailureReason | null>();
    expectTypeOf(metrics.lastFailure).toEqualTypeOf<FailureSummary | null>();
    expectTypeOf<FailureSummary>().toEqualTypeOf<{
      readonly name: string;
      readonly kind: string | null;
      readonly status: number | null;
      readonly at: number;
    }>();
  });

  it('cannot be written', () => {
    // @ts-expect-error The state follows from what happens.
    breaker.state = 'closed';
    // @ts-expect-error The name is given once.
    breaker.name = 'other';
    // @ts-expect-error Metrics are a copy to be read.
    breaker.metrics().calls = 0;
  });
});

describe('what a slow call is reported with', () => {
  it('is an error that tells how slow it was', () => {
    breaker.on('failure', (error) => {
      if (!SlowCallError.isInstance(error)) return;
      expectTypeOf(error).toEqualTypeOf<SlowCallError>();
      expectTypeOf(error.durationMs).toBeNumber();
      expectTypeOf(error.slowCallThresholdMs).toBeNumber();
      expectTypeOf(error.breaker).toBeString();
      expectTypeOf<SlowCallError['code']>().toEqualTypeOf<'ERR_SLOW_CALL'>();
    });
  });
});

describe('a permit', () => {
  it('is settled by its methods and disposed by using', () => {
    using permit = breaker.acquire();
    expectTypeOf(permit).toEqualTypeOf<Permit>();
    expectTypeOf(permit.settled).toBeBoolean();
    expectTypeOf<Permit>().toExtend<Disposable>();
    expectTypeOf<Permit['ignore' | 'cancel']>().toEqualTypeOf<() => void>();
    expectTypeOf<Permit['succeed']>().toEqualTypeOf<(result?: unknown) => void>();
    expectTypeOf<Permit['fail']>().toEqualTypeOf<(error?: unknown) => void>();
    // @ts-expect-error Settling is done by a method.
    permit.settled = true;
  });

  it('may be missing when it was only tried for', () => {
    expectTypeOf(breaker.tryAcquire()).toEqualTypeOf<Permit | undefined>();
    // @ts-expect-error It may be undefined.
    breaker.tryAcquire().succeed();
  });

  it('is not the only thing to be disposed of', () => {
    expectTypeOf(breaker.isolate()).toExtend<Disposable>();
    expectTypeOf(breaker.isolate({ by: 'ada' }).release)
      .parameter(0)
      .toEqualTypeOf<CommandOrder | undefined>();
    expectTypeOf(breaker).toExtend<Disposable>();
  });
});
