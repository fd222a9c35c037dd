import { attachBreaker, type BreakerOptions, type CircuitBreaker, createBreaker } from 'agent-circuit-breaker';
import { runs } from '../../support/runs.ts';

/** Something that is done many times over and must leave nothing behind. */
export interface Scenario {
  readonly times: number;
  readonly create: () => (round: number) => unknown;
}

const down = Object.freeze(new Error('down'));
const failing = () => Promise.reject(down);
const fine = async () => 'well';
const noop = () => {};

let now = 1_000_000;
const clock = { now: () => now, setTimeout: () => 0, clearTimeout: noop };
const create = (options: BreakerOptions = {}) => createBreaker({ clock, ...options });

function read(breaker: CircuitBreaker): CircuitBreaker {
  breaker.actor.getSnapshot();
  return breaker;
}

function failAndSucceed(breaker: CircuitBreaker) {
  return (round: number) => (round % 4 === 0 ? breaker.call(fine) : breaker.call(failing).catch(noop));
}

function failInWindow(breaker: CircuitBreaker) {
  return () => {
    now += 10;
    return breaker.call(failing).catch(noop);
  };
}

function reject(breaker: CircuitBreaker) {
  breaker.call(failing).catch(noop);
  return () => breaker.call(fine).catch(noop);
}

function recover(breaker: CircuitBreaker) {
  return async () => {
    await breaker.call(failing).catch(noop);
    now += 60_000;
    await breaker.call(failing).catch(noop);
    now += 60_000;
    await breaker.call(fine);
  };
}

const recoveryRamp = { steps: 2, stepDuration: 1000 } as const;

/** Opens, passes its trial, lets some calls of the ramp through and closes. */
function climb(breaker: CircuitBreaker) {
  return async () => {
    await breaker.call(failing).catch(noop);
    now += 60_000;
    for (let call = 0; call < 6; call++) {
      await breaker.call(fine).catch(noop);
      now += 500;
    }
  };
}

/** Every scenario by its name. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  'successful calls': {
    times: runs(1e6),
    create: () =>
      (
        (breaker) => () =>
          breaker.call(fine)
      )(create()),
  },
  'failing calls, in a row': { times: runs(1e6), create: () => failAndSucceed(create()) },
  'failing calls, without end': {
    times: runs(1e6),
    create: () =>
      (
        (breaker) => () =>
          breaker.call(failing).catch(noop)
      )(create({ failureThreshold: 2_147_483_647 })),
  },
  'failing calls, in a window': { times: runs(1e6), create: () => failInWindow(create({ failureWindow: 35 })) },
  'failing calls, in a rate of many calls': {
    times: runs(1e6),
    create: () => failAndSucceed(create({ failureRateThreshold: 1, windowSize: 10_000 })),
  },
  'failing calls, in a rate over time': {
    times: runs(1e6),
    create: () => failInWindow(create({ failureRateThreshold: 1, failureWindow: 35, minimumCalls: 100 })),
  },
  'slow calls': {
    times: 1e5,
    create: () => {
      const breaker = create({ slowCallThreshold: 1, failureThreshold: 2_147_483_647 });
      return () =>
        breaker.call(() => {
          now += 2;
        });
    },
  },
  rejections: { times: 1e5, create: () => reject(create({ failureThreshold: 1 })) },
  'rejections with a fallback': { times: 1e5, create: () => reject(create({ failureThreshold: 1, fallback: noop })) },
  'successful calls, sent at once': {
    times: 1e5,
    create: () =>
      (
        (breaker) => () =>
          breaker.call(fine)
      )(read(create())),
  },
  'failing calls, sent at once': { times: 1e5, create: () => failAndSucceed(read(create())) },
  'failing calls in a window, sent at once': {
    times: 1e5,
    create: () => failInWindow(read(create({ failureWindow: 35 }))),
  },
  'failing calls through attachBreaker': { times: 1e5, create: () => failAndSucceed(attachBreaker(create().actor)) },
  'runs with a signal and a deadline': {
    times: 1e5,
    create: () => {
      const { signal } = new AbortController();
      const breaker = create();
      return (round) => breaker.run(round % 4 === 0 ? fine : failing, { signal, timeout: 50 }).catch(noop);
    },
  },
  'openings, failed trials and recoveries': {
    times: 4e3,
    create: () => recover(create({ failureThreshold: 1, onStateChange: noop })),
  },
  'openings, ramps and recoveries': { times: 2e3, create: () => climb(create({ failureThreshold: 1, recoveryRamp })) },
  'snapshots, written and gone on from': {
    times: 2e3,
    create: () => {
      let breaker = create({ failureRateThreshold: 1, windowSize: 100 });
      return async () => {
        await breaker.call(fine);
        const snapshot = breaker.toJSON();
        breaker.stop();
        breaker = create({ failureRateThreshold: 1, windowSize: 100, snapshot });
      };
    },
  },
  'isolations, listeners and readings': {
    times: 1e4,
    create: () => {
      const breaker = create();
      return () => {
        breaker.isolate()[Symbol.dispose]();
        breaker.on('success', noop)();
        return breaker.metrics().state;
      };
    },
  },
};
