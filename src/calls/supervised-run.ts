import { CallTimeoutError } from '../errors/call-timeout-error.ts';
import type { AbortWatch } from '../platform/abort-watch.ts';
import type { CallHandle } from './call-handle.ts';

/** What a function given to `run` receives. */
export interface RunContext {
  /** Aborted when the caller gives up or the deadline passes; hand it to the operation. */
  readonly signal: AbortSignal;
}

/** The two ends that a supervised call can come to from outside. */
export interface Supervision {
  /** The caller's own signal. */
  readonly signal: AbortSignal | undefined;
  /** The deadline in milliseconds. */
  readonly timeoutMs: number | undefined;
  readonly abortWatch: AbortWatch;
}

/**
 * Makes an admitted call that its caller can abort and that has a deadline. Whichever comes first settles it: the
 * result, the abort (neutral) or the deadline (a failure). What comes later is dropped.
 */
export function superviseRun<R>(
  fn: (context: RunContext) => R,
  call: CallHandle,
  { signal, timeoutMs, abortWatch }: Supervision,
): Promise<Awaited<R>> {
  return new Promise((resolve, reject) => {
    const { clock } = call;
    const controller = new AbortController();
    let isSettled = false;
    let timer: unknown;
    let unwatch: (() => void) | undefined;
    const settle = (account: () => void) => {
      if (isSettled) return;
      isSettled = true;
      try {
        unwatch?.();
        if (timer !== undefined) clock.clearTimeout(timer);
      } finally {
        account();
      }
    };
    const giveUp = (reason: unknown, account: () => void) =>
      settle(() => {
        account();
        reject(reason);
        controller.abort(reason);
      });
    const onAbort = () => {
      const reason: unknown = signal?.reason;
      giveUp(reason, () => call.abort(reason));
    };
    const onDeadline = () => {
      const error = new CallTimeoutError(call.name, Number(timeoutMs));
      giveUp(error, () => call.timeOut(error));
    };
    const onError = (error: unknown) =>
      settle(() => {
        call.fail(error);
        reject(error);
      });
    // A callback that ran at admission may have aborted it.
    if (signal?.aborted) return onAbort();
    try {
      unwatch = signal && abortWatch.add(signal, onAbort);
      if (timeoutMs !== undefined) timer = clock.setTimeout(onDeadline, timeoutMs);
      Promise.resolve(fn({ signal: controller.signal })).then(
        (result) =>
          settle(() => {
            call.succeed(result);
            resolve(result);
          }),
        onError,
      );
    } catch (error) {
      onError(error);
    }
  });
}
