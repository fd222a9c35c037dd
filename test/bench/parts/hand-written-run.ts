/** An operation that is told by a signal when nobody waits for it any more. */
export type AbortableOperation<T> = (signal: AbortSignal) => Promise<T>;

// Calls that can be given up and have a deadline, as one writes them by hand where every nanosecond counts. Each settles
// at once when it is given up, and leaves no timer and no listener behind.

/** A call that its caller can give up; the caller's signal is handed on as it is. */
export function runUntilAborted<T>(operation: AbortableOperation<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort);
    settle(operation(signal), () => signal.removeEventListener('abort', onAbort), resolve, reject);
  });
}

/** A call with a deadline, of which the operation is told. */
export function runUntilDeadline<T>(operation: AbortableOperation<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    const timer = setTimeout(() => giveUp(controller, tooLong(), reject), timeoutMs);
    settle(operation(controller.signal), () => clearTimeout(timer), resolve, reject);
  });
}

/** A call with a deadline, of which the operation is not told. */
export function waitUntilDeadline<T>(operation: () => Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(tooLong()), timeoutMs);
    settle(operation(), () => clearTimeout(timer), resolve, reject);
  });
}

/** A call that its caller can give up and that has a deadline; the operation is told of both. */
export function runWithin<T>(operation: AbortableOperation<T>, signal: AbortSignal, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    const onAbort = () => giveUp(controller, signal.reason, reject);
    const timer = setTimeout(() => giveUp(controller, tooLong(), reject), timeoutMs);
    signal.addEventListener('abort', onAbort);
    const leave = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    settle(operation(controller.signal), leave, resolve, reject);
  });
}

function settle<T>(
  answer: Promise<T>,
  leave: () => void,
  resolve: (value: T) => void,
  reject: (reason: unknown) => void,
): void {
  answer.then(
    (value) => {
      leave();
      resolve(value);
    },
    (error) => {
      leave();
      reject(error);
    },
  );
}

function giveUp(controller: AbortController, reason: unknown, reject: (reason: unknown) => void): void {
  controller.abort(reason);
  reject(reason);
}

function tooLong(): Error {
  return new Error('The call took too long.');
}
