import type { ActorRefFrom, SnapshotFrom } from 'xstate';
import type { BreakerEmitted, BreakerEvent, BreakerStateName, OpenedEmit } from '../../machines/breaker-events.ts';
import type { WindowCounts } from '../../machines/counting/window-counts.ts';
import { carriesError, passErrorOn } from '../../machines/hidden-error.ts';
import { overdueEvent } from '../../machines/overdue.ts';
import type { CircuitBreakerMachine } from '../machine/customise-machine.ts';
import type { BreakerClock } from '../platform/clock.ts';
import type { UserCode } from '../platform/user-code.ts';
import type { Announcer } from './announcer.ts';

/** An actor that runs the breaker's machine. */
export type BreakerActorRef = ActorRefFrom<CircuitBreakerMachine>;

/** A snapshot of such an actor. */
export type BreakerActorSnapshot = SnapshotFrom<CircuitBreakerMachine>;

/** A state as the facade tells it: one of the chart's, or `stopped`. */
export type BreakerState = BreakerStateName | 'stopped';

/** Whoever has to take note of what an event changed. */
export interface LinkObserver {
  /** Called when an event has been sent, or when somebody else has changed the state. */
  look(): void;
  /** What had been counted when the circuit opened, where the chart does not know it yet. */
  countsOfOpening(opened: OpenedEmit): WindowCounts | undefined;
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
    this.#deliver(event);
    this.#sending--;
    this.#blamed = undefined;
    const { context } = this.snapshot;
    // Who hears what the chart emits knows better: a fleet may have answered at once.
    if (this.#emissions === undefined && context.generation !== generation && event.type !== 'recovery.elapsed')
      this.#cause = context.recoverAt === null ? undefined : blamed;
    this.#observer.look();
  }

  /** Sends an event to the actor even if somebody has let go of it: what they hold has to be let go, too. */
  sendAfterAll(event: BreakerEvent): void {
    if (this.snapshot.status === 'active') this.#deliver(event);
  }

  /** Sends what time owes the chart, so that no timer has to fire. */
  passTime(now: number): void {
    const overdue = this.isActive ? overdueEvent(this.snapshot.context, now) : undefined;
    if (overdue) this.send(overdue);
  }

  /**
   * Hears from now on what the chart emits, to learn why others opened the circuit.
   *
   * @param announcer - Has it told; left out, nobody wants to know yet.
   */
  listen(announcer?: Announcer): void {
    this.#announcer ??= announcer;
    if (this.#emissions !== undefined || this.isDetached) return;
    this.#emissions = this.actor.on('*', (change) => this.#hear(change));
  }

  /** Tells the listeners of everything that has been committed; not amid an event, of which more may have to be told. */
  announce(): void {
    if (this.#sending === 0) this.#announcer?.announce();
  }

  /** Lets go of the actor for good, without stopping it. */
  detach(): void {
    this.isDetached = true;
    this.#emissions?.unsubscribe();
    this.#cause = undefined;
  }

  #deliver(event: BreakerEvent): void {
    // An inspector of the actor's system can throw through its `send`.
    try {
      this.actor.send(event);
    } catch (error) {
      this.#userCode.report(error, 'inspect');
    }
  }

  /** The chart emits in the middle of a transition, so that listeners have to wait until it is committed. */
  #hear(change: BreakerEmitted): void {
    const told = change.type === 'breaker.opened' ? this.#completed(change) : change;
    this.#announcer?.addChange(told);
    if (told.type === 'breaker.opened') this.#cause = carriesError(told) ? told.error : undefined;
    else if (causeEnders.includes(told.type)) this.#cause = undefined;
    if (this.#sending > 0) return;
    if (told.type === 'fleet.connected' || told.type === 'fleet.disconnected') return;
    queueMicrotask(() => {
      this.#observer.look();
      this.#announcer?.announce();
    });
  }

  /** What opened the circuit, with what is only known here: the error of a failure that was judged already, and counts. */
  #completed(opened: OpenedEmit): OpenedEmit {
    const counts = this.#observer.countsOfOpening(opened);
    if (!carriesError(opened) && this.#blamed !== undefined) passErrorOn({ error: this.#blamed }, opened);
    return counts ? passErrorOn(opened, { ...opened, counts }) : opened;
  }
}

/** What ends the outage that a rejection names the cause of. */
const causeEnders: readonly BreakerEmitted['type'][] = ['breaker.closed', 'breaker.isolated', 'breaker.disabled'];
