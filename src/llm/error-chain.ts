import { isBreakerRejection } from './breaker-rejection.ts';
import { entriesOf, fieldOf } from './read-field.ts';

const mostErrors = 100;

/**
 * An error and those that it wraps, nearest first: through `lastError`, `cause` and `errors`, as retry helpers and SDKs
 * nest them. What opened another circuit is no part of a rejection by it.
 *
 * @param error - Anything that was thrown.
 * @param onlyCauses - Leave out `errors`: failed attempts besides the last one.
 * @returns At most 100 values, each once.
 */
export function errorChain(error: unknown, onlyCauses = false): readonly unknown[] {
  const chain = new Set([error]);
  for (const link of chain) {
    if (isBreakerRejection(link)) continue;
    for (const inner of wrappedBy(link, onlyCauses)) {
      if (chain.size >= mostErrors) return [...chain];
      if (inner !== undefined && inner !== null) chain.add(inner);
    }
  }
  return [...chain];
}

function wrappedBy(error: unknown, onlyCauses: boolean): readonly unknown[] {
  const attempts = onlyCauses ? [] : entriesOf(fieldOf(error, 'errors'), mostErrors);
  // Where one provider failed and another was not even asked, the failure is what happened.
  const inOrder = [
    ...attempts.filter((attempt) => !isBreakerRejection(attempt)),
    ...attempts.filter(isBreakerRejection),
  ];
  return [fieldOf(error, 'lastError'), fieldOf(error, 'cause'), ...inOrder];
}
