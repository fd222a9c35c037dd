import * as packageAsEsm from 'agent-circuit-breaker';
import { copy as cjs } from '../cjs/copy.js';

const esm = { ...packageAsEsm };

/** Makes one error of each class of a copy of the package. */
const errorsOf = (copy: typeof esm | typeof cjs) => ({
  BreakerOptionsError: new copy.BreakerOptionsError('name', 'wrong'),
  CallTimeoutError: new copy.CallTimeoutError('model', 1),
  CircuitBreakerOpenError: new copy.CircuitBreakerOpenError({ breaker: 'model', reason: 'open', retryAfterMs: 1 }),
  PermitNotSettledError: new copy.PermitNotSettledError('model'),
});

type ErrorName = keyof ReturnType<typeof errorsOf>;
const names: readonly ErrorName[] = [
  'BreakerOptionsError',
  'CallTimeoutError',
  'CircuitBreakerOpenError',
  'PermitNotSettledError',
];
const [fromEsm, fromCjs] = [errorsOf(esm), errorsOf(cjs)];

const breaker = esm.createBreaker({ failureThreshold: 1, excludedErrors: [esm.CircuitBreakerOpenError] });
await breaker.call(() => Promise.reject(fromCjs.CircuitBreakerOpenError)).catch(() => {});

console.log(
  JSON.stringify({
    areTwoCopies: names.map((name) => esm[name] !== cjs[name]),
    esmKnowsCjs: names.map((name) => esm[name].isInstance(fromCjs[name])),
    cjsKnowsEsm: names.map((name) => cjs[name].isInstance(fromEsm[name])),
    confuses: names.filter((name) => names.some((other) => other !== name && esm[name].isInstance(fromCjs[other]))),
    found:
      esm.CircuitBreakerOpenError.find(new Error('wrapped', { cause: fromCjs.CircuitBreakerOpenError })) !== undefined,
    stateAfterExcluded: breaker.state,
  }),
);
