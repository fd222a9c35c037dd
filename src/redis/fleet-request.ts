/** What a breaker knows of the fleet's circuit, as the script takes and gives it. Durations in ms. */
export interface SharedCircuit {
  /**
   * Names the circuit among those of the same name and prefix: a channel is shared by all databases of a server, and
   * knows nothing of a client's own prefix for keys. Empty before it is known.
   */
  readonly id: string;
  /** Grows with every change; 0 before the first. */
  readonly epoch: number;
  /** Whether it is open, or half-open. */
  readonly isOpen: boolean;
  /** What is left of its wait; 0 where it is over, or not open. */
  readonly rest: number;
  readonly wait: number;
  readonly reopenings: number;
  /** Why it is open, as JSON; empty where that is not known. */
  readonly reason: string;
  /** The epoch that the last reset began; 0 before the first. */
  readonly resetEpoch: number;
  /** Nodes that are alive, as many as the quorum needs. */
  readonly nodes: readonly string[];
  /** The members that hold it open by hand. */
  readonly holders: readonly string[];
}

/** What is known of a circuit before the first answer. */
export const unknownCircuit: SharedCircuit = {
  ...{
    id: '',
    epoch: 0,
    isOpen: false,
    rest: 0,
    wait: 0,
    reopenings: 0,
    reason: '',
    resetEpoch: 0,
    nodes: [],
    holders: [],
  },
};

/** What every request brings. */
export interface RequestBase {
  /** Name of the breaker. */
  readonly name: string;
  /** Names the process; of all its breakers. */
  readonly node: string;
  /** Names one breaker of the process. */
  readonly member: string;
  readonly channel: string;
  /** For how long the node counts as alive, in ms. */
  readonly alive: number;
  /** For how long the circuit is kept beyond its wait, in ms. */
  readonly keep: number;
  readonly quorum: number;
  /** Within which openings of nodes count towards the quorum, in ms. */
  readonly window: number;
  readonly trials: number;
  readonly known: SharedCircuit;
  /** How many hands of this breaker hold it open. */
  readonly holds: number;
}

/** An opening: when it was (`age` ms ago), how long it lasts, and why. */
interface Opening {
  readonly age: number;
  readonly wait: number;
  readonly reopenings: number;
  readonly reason: string;
}

/** Leases by their tokens, each with how long it is to last from now, in ms. */
export type Leases = Readonly<Record<string, number>>;

/** What a breaker asks for; see the script. */
export type FleetOrder =
  | { readonly op: 'sync' }
  | ({ readonly op: 'open'; readonly token?: number | undefined; readonly isRetold?: boolean | undefined } & Opening)
  | { readonly op: 'close'; readonly token?: number | undefined }
  | { readonly op: 'reset' }
  | { readonly op: 'hold' }
  | ({ readonly op: 'fail'; readonly count: number; readonly threshold: number } & Opening)
  | { readonly op: 'acquire'; readonly ttl: number; readonly isWanted: boolean; readonly leases: Leases }
  | { readonly op: 'renew' | 'release'; readonly leases: Leases }
  | { readonly op: 'leave'; readonly leases: Leases; readonly isLast: boolean };
