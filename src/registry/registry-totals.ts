import { type CountedCalls, type SnapshotTotals, Totals } from '../circuit/totals.ts';

/** What the breakers have counted that a registry has forgotten, so that its totals never fall. */
export class RegistryTotals {
  readonly #ended: Totals;
  /** Of forgotten breakers with calls under way, whose ends are still to be counted. */
  readonly #busy = new Set<Totals>();

  /** @param earlier - What a registry had counted whose snapshot is gone on from. */
  constructor(earlier: SnapshotTotals | undefined) {
    this.#ended = new Totals(earlier);
  }

  /** Goes on with what a breaker has counted that is forgotten. */
  add(totals: Totals): void {
    this.#busy.add(totals);
    this.#settle();
  }

  /** The sum of what is forgotten and of what there is. */
  sumWith(present: Iterable<CountedCalls>): Totals {
    this.#settle();
    const sum = new Totals();
    sum.absorb(this.#ended);
    for (const totals of this.#busy) sum.absorb(totals);
    for (const totals of present) sum.absorb(totals);
    return sum;
  }

  #settle(): void {
    for (const totals of this.#busy) {
      if (totals.inFlight > 0) continue;
      this.#busy.delete(totals);
      this.#ended.absorb(totals);
    }
  }
}
