import type { ClientLibrary } from './column.ts';

/** What the process of some nodes is asked to do; each is about the nodes of one library. */
export interface Order {
  /**
   * `open` lets a call of one node fail, which opens its circuit, and answers when that was; `reset` closes it again.
   * `awaitRejections` answers when the last of all nodes has rejected a call, `awaitClosed` when all are closed.
   */
  readonly action: 'open' | 'reset' | 'awaitRejections' | 'awaitClosed';
  readonly library: ClientLibrary;
  /** Which node of the process; plays no part where it is about all of them. */
  readonly index: number;
}

/** An order, and what its answer is found by. */
export interface NumberedOrder extends Order {
  readonly id: number;
}

/** An answer. */
export interface Reply {
  readonly id: number;
  /** An instant by the clock that all processes of the machine share, in ms. */
  readonly at: number;
}

/** What a process of nodes is started with. */
export interface NodesSetup {
  readonly url: string;
  /** Nodes of each library. */
  readonly count: number;
}
