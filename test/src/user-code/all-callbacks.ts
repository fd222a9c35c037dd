import type { BreakerCallbacks, BreakerListenerType, CircuitBreaker } from 'agent-circuit-breaker';

/** The options that are callbacks, without the one that hears of errors. */
export const callbackNames = [
  'onStateChange',
  'onOpen',
  'onClose',
  'onHalfOpen',
  'onSuccess',
  'onFailure',
  'onReject',
] as const;

export type CallbackName = (typeof callbackNames)[number];

/** The event that `on` knows each callback by. */
export const eventNames: Readonly<Record<CallbackName, BreakerListenerType>> = {
  onStateChange: 'stateChange',
  onOpen: 'open',
  onClose: 'close',
  onHalfOpen: 'halfOpen',
  onSuccess: 'success',
  onFailure: 'failure',
  onReject: 'reject',
};

/** Options with one function for every callback; it is told which one is called and with what. */
export function everyCallback(react: (name: CallbackName, args: readonly unknown[]) => unknown): BreakerCallbacks {
  return {
    onStateChange: (...args) => react('onStateChange', args),
    onOpen: (...args) => react('onOpen', args),
    onClose: (...args) => react('onClose', args),
    onHalfOpen: (...args) => react('onHalfOpen', args),
    onSuccess: (...args) => react('onSuccess', args),
    onFailure: (...args) => react('onFailure', args),
    onReject: (...args) => react('onReject', args),
  };
}

/** Listens to every event with `on`. */
export function listenToAll(breaker: CircuitBreaker, react: (name: CallbackName) => unknown): void {
  for (const name of callbackNames) breaker.on(eventNames[name], () => react(name));
}
