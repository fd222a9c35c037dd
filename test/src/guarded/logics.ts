import {
  type AnyActorLogic,
  type EventObject,
  fromCallback,
  fromEventObservable,
  fromObservable,
  fromPromise,
  type Observer,
  type Subscribable,
  setup,
} from 'xstate';

/** Lets a test decide how an actor of some kind ends. */
export interface Operation {
  /** How often the logic has begun its work. */
  readonly begun: number;
  succeed(): void | Promise<void>;
  fail(error: unknown): void | Promise<void>;
}

export interface Kind {
  readonly name: string;
  /** Callbacks never end by themselves in a good way. */
  readonly canSucceed: boolean;
  make(): { readonly logic: AnyActorLogic; readonly operation: Operation };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await Promise.resolve();
}

function makePromise() {
  let begun = 0;
  let resolve: (value: string) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const logic = fromPromise<string, string>(() => {
    begun++;
    return new Promise((onResolve, onReject) => {
      resolve = onResolve;
      reject = onReject;
    });
  });
  const operation: Operation = {
    get begun() {
      return begun;
    },
    succeed: () => {
      resolve('done');
      return settled();
    },
    fail: (error) => {
      reject(error);
      return settled();
    },
  };
  return { logic, operation };
}

/** Whatever is subscribed to: it remembers its observer. */
function createSubject() {
  let begun = 0;
  let observer: Observer<EventObject> | undefined;
  const subscribable: Subscribable<EventObject> = {
    subscribe(given: Observer<EventObject> | ((value: EventObject) => void)) {
      begun++;
      observer = typeof given === 'function' ? { next: given } : given;
      return { unsubscribe: () => {} };
    },
  };
  const operation: Operation = {
    get begun() {
      return begun;
    },
    succeed: () => observer?.complete?.(),
    fail: (error) => observer?.error?.(error),
  };
  return { subscribable, operation };
}

function makeObservable() {
  const { subscribable, operation } = createSubject();
  return { logic: fromObservable(() => subscribable), operation };
}

function makeEventObservable() {
  const { subscribable, operation } = createSubject();
  return { logic: fromEventObservable(() => subscribable), operation };
}

/** A callback fails when it throws as an event reaches it. */
function makeCallback() {
  let begun = 0;
  let receive: (event: EventObject) => void = () => {};
  const logic = fromCallback(({ receive: onEvent }) => {
    begun++;
    onEvent((event) => receive(event));
  });
  const operation: Operation = {
    get begun() {
      return begun;
    },
    succeed: () => {},
    fail: (error) => {
      receive = () => {
        throw error;
      };
    },
  };
  return { logic, operation };
}

function makeMachine() {
  let begun = 0;
  let act: () => void = () => {};
  const logic = setup({
    actions: {
      begin: () => {
        begun++;
      },
      act: () => act(),
    },
  }).createMachine({
    initial: 'working',
    entry: 'begin',
    states: { working: { on: { finish: 'finished', act: { actions: 'act' } } }, finished: { type: 'final' } },
    output: 'done',
  });
  const operation: Operation = {
    get begun() {
      return begun;
    },
    succeed: () => {},
    fail: (error) => {
      act = () => {
        throw error;
      };
    },
  };
  return { logic, operation };
}

export const kinds: readonly Kind[] = [
  { name: 'a promise', canSucceed: true, make: makePromise },
  { name: 'an observable', canSucceed: true, make: makeObservable },
  { name: 'an event observable', canSucceed: true, make: makeEventObservable },
  { name: 'a callback', canSucceed: false, make: makeCallback },
  { name: 'a state machine', canSucceed: true, make: makeMachine },
];

/** The event that makes an actor of a kind end as it was told to, where it takes one. */
export const poke = { succeed: { type: 'finish' }, fail: { type: 'act' } } as const;
