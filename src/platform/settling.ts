/** The functions that settle a promise, as the platform has made them. */
export interface Settling {
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/**
 * Lets the stack of an error show who awaits a promise that is settled by hand. From where an error is thrown an engine
 * follows the promises, each as long as it has one follower and that is an `await`, another promise, or the very function
 * that settles one; not through a function of ours.
 *
 * @param handled - What follows the operation, and has settled the promise when it settles itself.
 */
export function showAwaiting(handled: Promise<unknown>, { resolve, reject }: Settling): void {
  handled.then(resolve, reject);
}
