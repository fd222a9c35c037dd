import type { FleetOrder } from './fleet-request.ts';

/** Makes an order when its turn comes; undefined where there is no need for it any more. */
export type OrderMaker = () => FleetOrder | undefined;

/** Orders that are worth nothing once the connection has been lost. */
const passing: readonly FleetOrder['op'][] = ['sync', 'fail', 'acquire', 'renew', 'release'];

/**
 * What a breaker has to ask of the server, one after the other. There is at most one of each kind, so that it holds no
 * more after an hour without a server than after a second.
 */
export class OrderQueue {
  readonly #makers = new Map<FleetOrder['op'], OrderMaker>();
  readonly #carryOut: (order: FleetOrder) => Promise<(() => void) | undefined>;
  #isWorking = false;
  /** What is being asked. */
  #current: FleetOrder['op'] | undefined;
  #work: Promise<void> = Promise.resolve();

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

  /** Whether an order is being carried out. */
  get isWorking(): boolean {
    return this.#isWorking;
  }

  /**
   * Puts an order last, in place of one of its kind that is waiting; a question keeps its turn, or others that are asked
   * again and again could get ahead of it for ever.
   */
  add(op: FleetOrder['op'], make: OrderMaker): void {
    if (op === this.#current || !passing.includes(op)) this.#makers.delete(op);
    this.#makers.set(op, make);
  }

  /** Gives up the orders that will be worth nothing. */
  drop(ops: readonly FleetOrder['op'][] = passing): void {
    for (const op of ops) this.#makers.delete(op);
  }

  /** Carries out what there is, until nothing is left or one comes to nothing, which is kept. */
  run(): Promise<void> {
    if (!this.#isWorking) {
      this.#isWorking = true;
      this.#work = this.#carryOutAll();
    }
    return this.#work;
  }

  async #carryOutAll(): Promise<void> {
    for (let isGoing = true; isGoing; ) {
      const [next] = this.#makers;
      isGoing = next !== undefined && (await this.#carryOutOne(...next));
    }
    this.#isWorking = false;
  }

  async #carryOutOne(op: FleetOrder['op'], make: OrderMaker): Promise<boolean> {
    this.#current = op;
    const order = make();
    const finish = order === undefined ? () => {} : await this.#carryOut(order);
    this.#current = undefined;
    if (finish === undefined) return false;
    // A newer one may have taken its place.
    if (this.#makers.get(op) === make) this.#makers.delete(op);
    finish();
    return true;
  }
}
