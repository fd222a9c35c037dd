import { attachBreaker, type BreakerClock, type CircuitBreaker, createBreaker } from 'agent-circuit-breaker';
import { circuitBreakerMachine } from 'agent-circuit-breaker/machines';
import { createActor } from 'xstate';

/** A breaker with the means to move its time. */
interface Subject {
  readonly breaker: CircuitBreaker;
  readonly pass: () => void;
}

const callbacks = { onOpen: () => {}, onFailure: () => {} };

const kinds: Readonly<Record<string, (clock: BreakerClock, failureThreshold: number) => CircuitBreaker>> = {
  'held back': (clock, failureThreshold) => createBreaker({ clock, failureThreshold, ...callbacks }),
  'sent at once': (clock, failureThreshold) => {
    const breaker = createBreaker({ clock, failureThreshold, ...callbacks });
    breaker.actor.getSnapshot();
    return breaker;
  },
  attached: (clock, failureThreshold) =>
    attachBreaker(createActor(circuitBreakerMachine, { clock, input: { failureThreshold } }).start(), callbacks),
};

/** The ways in which an open circuit can lose its cause. */
const ends: Readonly<Record<string, (subject: Subject) => unknown>> = {
  'stays open': () => {},
  'is half-open': ({ breaker, pass }) => {
    pass();
    return breaker.state;
  },
  closes: ({ breaker, pass }) => {
    pass();
    return breaker.call(async () => 'well');
  },
  'opens anew': ({ breaker, pass }) => {
    pass();
    breaker.acquire().fail(new Error('another'));
  },
  'is reset': ({ breaker }) => breaker.reset(),
  'is reset through its actor': ({ breaker }) => breaker.actor.send({ type: 'breaker.reset' }),
  'is isolated': ({ breaker }) => breaker.isolate(),
  'is disabled': ({ breaker }) => breaker.disable(),
  'is stopped': ({ breaker }) => breaker.stop(),
};

function createSubject(create: (typeof kinds)[string], failureThreshold: number): Subject {
  let now = 1_000_000;
  const clock = { now: () => now, setTimeout: () => 0, clearTimeout: () => {} };
  return {
    breaker: create(clock, failureThreshold),
    pass: () => {
      now += 60_000;
    },
  };
}

/** Fails one call with an error that nobody else keeps. */
async function failOnce({ breaker }: Subject): Promise<WeakRef<Error>> {
  const ref = { error: new WeakRef(new Error('first')) };
  await breaker
    .call(() => {
      const error = new Error('cause');
      ref.error = new WeakRef(error);
      return Promise.reject(error);
    })
    .catch(() => {});
  return ref.error;
}

async function isKept(ref: WeakRef<Error>): Promise<boolean> {
  for (let round = 0; round < 3; round++) {
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc?.();
  }
  return ref.deref() !== undefined;
}

/** Which errors are still kept, by the kind of breaker and by what has become of it. */
export async function keptErrors(): Promise<Readonly<Record<string, boolean>>> {
  const kept: Record<string, boolean> = {};
  for (const [kind, create] of Object.entries(kinds)) {
    const closed = createSubject(create, 5);
    kept[`${kind}: never opened`] = await isKept(await failOnce(closed));
    kept[`${kind}: never opened, state`] = closed.breaker.state !== 'closed';
    for (const [end, act] of Object.entries(ends)) {
      const subject = createSubject(create, 1);
      const ref = await failOnce(subject);
      await act(subject);
      kept[`${kind}: ${end}`] = await isKept(ref);
      if (subject.breaker.metrics().failures === 0) throw new Error('nothing was counted');
    }
  }
  return kept;
}
