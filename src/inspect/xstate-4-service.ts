import type { AnyEventObject } from 'xstate';
import type { BreakerEvent } from '../../machines/breaker-events.ts';
import type { BreakerActorRef, BreakerActorSnapshot } from '../circuit/chart-link.ts';
import { type ChartForXState4, chartForXState4 } from './chart-for-xstate-4.ts';

/** An event in the envelope of XState 4. */
interface EnvelopedEvent {
  readonly name: string;
  readonly data: object;
  readonly $$type: 'scxml';
  readonly type: 'external';
}

/** A state as XState 4 reads it: data, and a method for whoever wants its path. */
export interface XState4State {
  readonly value: BreakerActorSnapshot['value'];
  readonly context: object;
  readonly event: object;
  readonly _event: EnvelopedEvent;
  readonly tags: readonly string[];
  readonly done: boolean;
  readonly changed: boolean;
  readonly actions: readonly never[];
  toStrings(): readonly string[];
}

/**
 * What the inspector of XState 4 uses of a running service, over a breaker's actor. The inspector replaces `send` by
 * one that writes down what is sent and then calls the original.
 */
export class XState4Service {
  readonly id: string;
  readonly sessionId: string;
  readonly machine: { readonly definition: ChartForXState4; toJSON(): ChartForXState4 };
  /** The state that the inspector shows. */
  state: XState4State;
  readonly #actor: BreakerActorRef;
  readonly #listeners = new Set<(state: XState4State) => void>();
  readonly #stopListeners = new Set<() => void>();
  #isReporting = false;
  #fromInspector: unknown;

  constructor(actor: BreakerActorRef, sessionId: string) {
    const definition = chartForXState4(actor);
    this.#actor = actor;
    this.id = actor.getSnapshot().context.name;
    this.sessionId = sessionId;
    this.machine = { definition, toJSON: () => definition };
    this.state = stateOf(actor.getSnapshot(), { type: 'xstate.init' });
  }

  /** Takes an event from the inspector; one that is only written down goes no further. */
  send(event: unknown): void {
    if (this.#isReporting) return;
    const data = isEnveloped(event) ? event.data : event;
    if (!this.#understands(data)) return;
    this.#fromInspector = data;
    this.#actor.send(data);
  }

  /** @param listener - Called after each event with the new state. */
  subscribe(listener: (state: XState4State) => void): { unsubscribe(): void } {
    this.#listeners.add(listener);
    return { unsubscribe: () => this.#listeners.delete(listener) };
  }

  /** @param listener - Called when the breaker has stopped, or is to be shown no longer. */
  onStop(listener: () => void): this {
    this.#stopListeners.add(listener);
    return this;
  }

  /** Has the inspector write down an event that the actor has been sent, unless it came from there. */
  reportEvent(event: AnyEventObject): void {
    if (event === this.#fromInspector) return;
    this.#isReporting = true;
    try {
      this.send(withoutError(event));
    } finally {
      this.#isReporting = false;
    }
  }

  /** Shows what an event has led to. */
  reportState(event: AnyEventObject): void {
    this.state = stateOf(this.#actor.getSnapshot(), event);
    for (const listener of this.#listeners) listener(this.state);
  }

  /** Tells the inspector that there is nothing more to see. */
  stop(): void {
    const listeners = [...this.#stopListeners];
    this.#stopListeners.clear();
    this.#listeners.clear();
    for (const listener of listeners) listener();
  }

  /** What comes from an inspector may be anything, and XState's own events would end the actor. */
  #understands(data: unknown): data is BreakerEvent {
    if (typeof data !== 'object' || data === null || !('type' in data)) return false;
    const { type } = data;
    return typeof type === 'string' && !type.startsWith('xstate.') && this.#eventTypes.includes(type);
  }

  get #eventTypes(): readonly string[] {
    return this.#actor.getSnapshot().machine.events;
  }
}

function stateOf(snapshot: BreakerActorSnapshot, event: AnyEventObject): XState4State {
  const { value, context, status } = snapshot;
  const data = withoutError(event);
  return {
    ...{ value, context, event: data, _event: envelope(data) },
    ...{ tags: [...snapshot.tags], done: status === 'done', changed: true, actions: [] },
    toStrings: () => (typeof value === 'string' ? [value] : ['halfOpen', `halfOpen.${value.halfOpen}`]),
  };
}

function envelope(data: AnyEventObject): EnvelopedEvent {
  return { name: data.type, data, $$type: 'scxml', type: 'external' };
}

/** Errors carry headers, keys and prompts. */
function withoutError({ error: _error, ...event }: AnyEventObject): AnyEventObject {
  return { ...event, type: event.type };
}

function isEnveloped(event: unknown): event is EnvelopedEvent {
  return typeof event === 'object' && event !== null && 'data' in event && '$$type' in event;
}
