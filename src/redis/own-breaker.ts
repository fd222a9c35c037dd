import type { AnyActorRef } from 'xstate';
import { presentOf } from '../../machines/actor-clock.ts';
import type { BreakerContext } from '../../machines/breaker-context.ts';
import type { BreakerCommandEvent, BreakerStateName } from '../../machines/breaker-events.ts';
import type { FailureReason } from '../../machines/failure-reason.ts';
import type { FleetInput } from '../../machines/fleet-actor.ts';
import type { FleetEvent, FleetOpenedEvent } from '../../machines/fleet-events.ts';
import { leaseMsOf } from '../../machines/fleet-leases.ts';
import type { FleetLease, FleetView } from '../../machines/fleet-view.ts';
import { passErrorOn } from '../../machines/hidden-error.ts';
import { PeerFailureError } from '../errors/peer-failure-error.ts';
import type { FleetOrder, Leases } from './fleet-request.ts';

/** The breaker on this side of the fleet: what its chart says now, and the way to tell it something. */
export class OwnBreaker {
  readonly name: string;
  readonly settings: FleetInput['settings'];
  readonly tell: (event: FleetEvent | BreakerCommandEvent) => void;
  readonly #actor: AnyActorRef;

  /**
   * @param actor - The actor that runs the chart.
   * @param tell - Sends it an event.
   */
  constructor({ name, settings }: FleetInput, actor: AnyActorRef, tell: OwnBreaker['tell']) {
    this.name = name;
    this.settings = settings;
    this.tell = tell;
    this.#actor = actor;
  }

  /** The state of the chart. */
  get state(): BreakerStateName {
    const { value } = this.#actor.getSnapshot();
    return typeof value === 'string' ? toStateName(value) : 'halfOpen';
  }

  /** How many hands hold the circuit open here. */
  get holds(): number {
    return this.state === 'isolated' ? this.#context.holds : 0;
  }

  /** Ends the isolation by hands here. */
  letGo(): void {
    for (let { holds } = this; holds > 0; holds--) this.tell({ type: 'breaker.release' });
  }

  /** What the breaker has been told last of the fleet's circuit. */
  get fleetState(): FleetView['state'] {
    return this.#context.fleet?.state ?? 'closed';
  }

  /** Whether the breaker has heard of a fleet in an earlier life, of which nothing holds any more. */
  get isRestored(): boolean {
    return this.#context.fleet !== null;
  }

  /** The half-open slots that the fleet has lent. */
  get leases(): readonly FleetLease[] {
    return this.#context.fleet?.leases ?? [];
  }

  /** Whether a call wants a slot. */
  get hasAsked(): boolean {
    return this.#context.fleet?.hasAsked ?? false;
  }

  /** Whether trials are running, or calls are let through in shares. */
  get isTrying(): boolean {
    const { trials, rampStartedAt } = this.#context;
    return trials.length > 0 || rampStartedAt !== null;
  }

  /** For how long a half-open slot is lent, in ms. */
  get leaseMs(): number {
    return leaseMsOf(this.settings);
  }

  /** How long each lease has to last from now, in ms: as long as the trial that runs on it, or a whole one. */
  get leaseDemand(): Leases {
    const { trials, rampStartedAt, fleet } = this.#context;
    const now = presentOf(this.#actor);
    const lasts = (trial: { readonly expiresAt: number } | undefined) =>
      trial && rampStartedAt === null ? Math.min(Math.max(1, trial.expiresAt - now), this.leaseMs) : this.leaseMs;
    const demand = (fleet?.leases ?? []).map(({ token }, index) => [String(token), lasts(trials[index])] as const);
    return Object.fromEntries(demand);
  }

  /** The opening of a circuit that is open by what was seen, or ordered, here. */
  opening(reason: string): FleetOrder | undefined {
    const { since, waitMs, reopenings, fleet } = this.#context;
    if (this.state !== 'open' || fleet?.isImposed) return undefined;
    const age = Math.max(0, presentOf(this.#actor) - since);
    return { op: 'open', isRetold: true, age, wait: waitMs ?? this.settings.recoveryTimeoutMs, reopenings, reason };
  }

  /**
   * Tells the breaker that the fleet's circuit is open.
   *
   * @param opening - What is left of the wait (ms), and how often trials have failed.
   * @param reason - Why it has opened.
   */
  tellOpened(opening: Pick<FleetOpenedEvent, 'openFor' | 'reopenings'>, reason: FailureReason | null): void {
    const event: FleetOpenedEvent = { type: 'fleet.opened', ...opening, reason };
    // The cause of rejections; like every error on an event, it stays out of JSON and of the inspector.
    this.tell(passErrorOn({ error: new PeerFailureError(this.name, reason) }, event));
  }

  get #context(): BreakerContext {
    return this.#actor.getSnapshot().context;
  }
}

const stateNames: readonly BreakerStateName[] = ['closed', 'open', 'isolated', 'disabled'];

function toStateName(value: string): BreakerStateName {
  return stateNames.find((name) => name === value) ?? 'closed';
}
