import type { FleetOrder } from './fleet-request.ts';

/** Makes an order when its turn comes; undefined where there is no need for it any more. */
export type OrderMaker = () => FleetOrder | undefined;

/** Orders that are worth nothing once the connection has been lost. */
const passing: readonly FleetOrder['op'][] = ['sync', 'fail', 'acquire', 'renew', 'release'];

/**
 * What a breaker has to ask of the server: at once, in order, without waiting for one answer before the next, so that
 * whoever closes the client in the next moment still gets through what came before. Of a question there is one at a time.
 * What comes to nothing stays, one of each kind, so that an hour without a server leaves no more than a second.
 */
export class OrderQueue {
  readonly #makers = new Map<FleetOrder['op'], OrderMaker>();
  /** What has been asked, and not been answered yet. */
  readonly #asked = new Map<OrderMaker, FleetOrder['op']>();
  readonly #carryOut: (order: FleetOrder) => Promise<(() => void) | undefined>;

  /**
   * @param carryOut - Asks the server, and returns what is to be done once the order is off the list; undefined where it
   *   came to nothing. It must not throw.
   */
  constructor(carryOut: (order: FleetOrder) => Promise<(() => void) | undefined>) {
    this.#carryOut = carryOut;
  }

  /** Whether what the breaker has done is not known to the server yet. */
  get hasNews(): boolean {
    return [...this.#makers.keys()].some((op) => !passing.includes(op));
  }

  /** Puts an order last, in place of one of its kind. */
  add(op: FleetOrder['op'], make: OrderMaker): void {
    this.#makers.delete(op);
    this.#makers.set(op, make);
  }

  /** Gives up the orders that will be worth nothing. */
  drop(ops: readonly FleetOrder['op'][] = passing): void {
    for (const op of ops) this.#makers.delete(op);
  }

  /** Asks what has not been asked yet; settles when that has been answered, or has come to nothing. */
  async run(): Promise<void> {
    const due = [...this.#makers].filter(([op, make]) => !this.#isAsked(op, make));
    await Promise.all(due.map(([op, make]) => this.#ask(op, make)));
  }

  #isAsked(op: FleetOrder['op'], make: OrderMaker): boolean {
    return this.#asked.has(make) || (passing.includes(op) && [...this.#asked.values()].includes(op));
  }

  async #ask(op: FleetOrder['op'], make: OrderMaker): Promise<void> {
    const order = make();
    this.#asked.set(make, op);
    const finish = order === undefined ? () => {} : await this.#carryOut(order);
    this.#asked.delete(make);
    if (finish === undefined) return;
    // A newer one may have taken its place; if it is a question, it had to wait.
    if (this.#makers.get(op) === make) this.#makers.delete(op);
    finish();
    if (this.#makers.has(op)) await this.run();
  }
}
