import type { InspectionEvent } from 'xstate';
import { propertyOf } from '../../machines/property-of.ts';
import { assertRunsBreaker } from '../breaker/assert-runs-breaker.ts';
import type { Breaker } from '../breaker/breaker.ts';
import type { BreakerActorRef } from '../circuit/chart-link.ts';
import { XState4Service } from './xstate-4-service.ts';

/** What the inspector of XState 4 leaves in the global `__xstate__`, for services to register with. */
interface DevTools {
  readonly services: ReadonlySet<unknown>;
  register(service: XState4Service): void;
}

/**
 * Shows a breaker in [`@xstate/inspect`](https://www.npmjs.com/package/@xstate/inspect), the inspector of XState 4: its
 * chart, each event and each state. Its events can be sent from there. For XState 5's own inspector,
 * `@statelyai/inspect`, the option `inspect` is enough.
 *
 * @param breaker - A breaker, or the actor of one. One that is shown already stays so.
 * @returns A function that ends it.
 * @throws Error if `inspect()` of `@xstate/inspect` has not been called yet; TypeError if it is no breaker.
 *
 * @example
 * ```ts
 * inspect({ server: new WebSocketServer({ port: 8888 }) }); // from '@xstate/inspect/lib/server'
 * const hide = registerWithXStateInspect(breaker);
 * ```
 */
export function registerWithXStateInspect(breaker: Breaker | BreakerActorRef): () => void {
  const actor = 'actor' in Object(breaker) ? propertyOf(breaker, 'actor') : breaker;
  assertRunsBreaker(actor, 'registerWithXStateInspect');
  const devTools = findDevTools();
  const sessionId = `agent-circuit-breaker:${actor.sessionId}`;
  for (const service of devTools.services)
    if (service instanceof XState4Service && service.sessionId === sessionId) return () => service.stop();
  return show(actor, new XState4Service(actor, sessionId), devTools);
}

function show(actor: BreakerActorRef, service: XState4Service, devTools: DevTools): () => void {
  // A throw would go through XState's mailbox, which would then stand still for good.
  const observe = (inspected: InspectionEvent) => {
    if (inspected.actorRef !== actor) return;
    try {
      if (inspected.type === '@xstate.event') service.reportEvent(inspected.event);
      if (inspected.type === '@xstate.snapshot') service.reportState(inspected.event);
    } catch (error) {
      console.error(`@xstate/inspect could not show ${JSON.stringify(service.id)}:`, error);
    }
  };
  devTools.register(service);
  const stop = () => service.stop();
  const subscriptions = [actor.system.inspect(observe), actor.subscribe({ complete: stop, error: stop })];
  service.onStop(() => {
    for (const subscription of subscriptions) subscription.unsubscribe();
  });
  return stop;
}

function findDevTools(): DevTools {
  const devTools = propertyOf(globalThis, '__xstate__');
  if (isDevTools(devTools)) return devTools;
  throw new Error(
    'registerWithXStateInspect has found no inspector. Call inspect() of @xstate/inspect first; ' +
      'for @statelyai/inspect, give the breaker the option inspect instead.',
  );
}

function isDevTools(value: unknown): value is DevTools {
  return typeof propertyOf(value, 'register') === 'function' && propertyOf(value, 'services') instanceof Set;
}
