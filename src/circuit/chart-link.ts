import type { ActorRefFrom, SnapshotFrom } from 'xstate';
import type { BreakerEmitted, BreakerEvent, BreakerStateName } from '../../machines/breaker-events.ts';
import { carriesError, passErrorOn } from '../../machines/hidden-error.ts';
import { overdueEvent } from '../../machines/overdue.ts';
import type { CircuitBreakerMachine } from '../machine/customise-machine.ts';
import type { BreakerClock } from '../platform/clock.ts';
import type { UserCode } from '../platform/user-code.ts';
import { Announcer } from './announcer.ts';
import type { Listeners } from './listeners.ts';

/** An actor that runs the breaker's machine. */
export type BreakerActorRef = ActorRefFrom<CircuitBreakerMachine>;

/** A snapshot of such an actor. */
export type BreakerActorSnapshot = SnapshotFrom<CircuitBreakerMachine>;

/** A state as the facade tells it: one of the chart's, or `stopped`. */
export type BreakerState = BreakerStateName | 'stopped';

/** Whoever has to take note of what an event changed. */
export interface LinkObserver {
  /** Called when an event has been sent. */
  look(): void;
}

/** The connection to the actor that runs the chart: reads its snapshots, sends it events, hears what it emits. */
export class ChartLink {
  readonly actor: BreakerActorRef;
  readonly clock: BreakerClock;
  readonly #userCode: UserCode;
  readonly #observer: LinkObserver;
  #emissions: { unsubscribe(): void } | undefined;
  #announcer: Announcer | undefined;
  /** Whether somebody has let go of the actor. */
  isDetached = false;
  #sending = 0;
  #blamed: unknown;
  #cause: unknown;

  constructor(actor: BreakerActorRef, clock: BreakerClock, userCode: UserCode, observer: LinkObserver) {
    this.actor = actor;
    this.clock = clock;
    this.#userCode = userCode;
    this.#observer = observer;
  }

  /** Whether the actor still runs and nobody has let go of it. */
  get isActive(): boolean {
    return !this.isDetached && this.snapshot.status === 'active';
  }

  /** Whether an event is being sent, so that another one has to wait for its end. */
  get isSending(): boolean {
    return this.#sending > 0;
  }

  /** The actor's snapshot; a new object after every event that changed anything. */
  get snapshot(): BreakerActorSnapshot {
    return this.actor.getSnapshot();
  }

  /** Name of the breaker. */
  get name(): string {
    return this.snapshot.context.name;
  }

  /** The name of the present state. */
  get state(): BreakerState {
    return this.isActive ? this.chartState : 'stopped';
  }

  /** The name of the chart's state, also of a chart that has stopped. */
  get chartState(): BreakerStateName {
    const { value } = this.snapshot;
    return typeof value === 'string' ? value : 'halfOpen';
  }

  /** The failure that opened the circuit, until it closes. */
  get cause(): unknown {
    return this.#cause;
  }

  /**
   * Sends an event; its effects are in the snapshot on the next line, unless the actor is busy with another event.
   *
   * @param blamed - The error to blame if the event opens the circuit.
   */
  send(event: BreakerEvent, blamed?: unknown): void {
    if (!this.isActive) return;
    const { generation } = this.snapshot.context;
    this.#sending++;
    this.#blamed = blamed;
    // An inspector of the actor's system can throw through its `send`.
    try {
      this.actor.send(event);
    } catch (error) {
      this.#userCode.report(error, 'inspect');
    }
    this.#sending--;
    this.#blamed = undefined;
    const { context } = this.snapshot;
    // Who hears what the chart emits knows better: a fleet may have answered at once.
    if (this.#emissions === undefined && context.generation !== generation && event.type !== 'recovery.elapsed')
      this.#cause = context.recoverAt === null ? undefined : blamed;
    this.#observer.look();
  }

  /** Sends what time owes the chart, so that no timer has to fire. */
  passTime(now: number): void {
    const overdue = this.isActive ? overdueEvent(this.snapshot.context, now) : undefined;
    if (overdue) this.send(overdue);
  }

  /** Hears from now on what the chart emits, to tell these listeners and to learn why others opened the circuit. */
  listen(listeners: Listeners): void {
    if (this.#emissions !== undefined || this.isDetached) return;
    this.#announcer = new Announcer(listeners, this.clock);
    this.#emissions = this.actor.on('*', (change) => this.#hear(change));
  }

  /** Tells the listeners of every change that has been committed. */
  announce(): void {
    this.#announcer?.announce();
  }

  /** Lets go of the actor for good, without stopping it. */
  detach(): void {
    this.isDetached = true;
    this.#emissions?.unsubscribe();
    this.#announcer?.clear();
    this.#cause = undefined;
  }

  /** The chart emits in the middle of a transition, so that listeners have to wait until it is committed. */
  #hear(change: BreakerEmitted): void {
    // Failures that were judged already are sent without their error.
    if (change.type === 'breaker.opened' && !carriesError(change) && this.#blamed !== undefined)
      passErrorOn({ error: this.#blamed }, change);
    this.#announcer?.add(change);
    if (change.type === 'breaker.opened') this.#cause = carriesError(change) ? change.error : undefined;
    else if (causeEnders.includes(change.type)) this.#cause = undefined;
    if (this.#sending > 0) return;
    if (change.type === 'fleet.connected' || change.type === 'fleet.disconnected') return;
    queueMicrotask(() => this.announce());
  }
}

/** What ends the outage that a rejection names the cause of. */
const causeEnders: readonly BreakerEmitted['type'][] = ['breaker.closed', 'breaker.isolated', 'breaker.disabled'];
