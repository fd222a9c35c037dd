/** A state node of XState 4, as far as the tests look at it. */
export interface XState4Node {
  readonly id: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly states: Readonly<Record<string, XState4Node>>;
  readonly transitions: readonly XState4Transition[];
}

/** A transition of XState 4. */
export interface XState4Transition {
  readonly eventType: string;
  readonly description?: string;
  readonly cond?: { readonly name: string };
  readonly target?: readonly XState4Node[];
  readonly actions: readonly { readonly type: string }[];
}

/** A message of the inspector to its viewer, read as the viewer reads it. */
export interface XState4Message {
  readonly type: 'service.register' | 'service.event' | 'service.state' | 'service.stop';
  readonly sessionId: string;
  readonly id?: string;
  readonly machine?: XState4Node;
  readonly event?: { readonly name: string; readonly data: { readonly type: string } | null };
  readonly state?: {
    readonly value: unknown;
    readonly context: Readonly<Record<string, unknown>>;
    readonly configuration: readonly XState4Node[];
    readonly _event: { readonly name: string };
    matches(value: string): boolean;
    hasTag(tag: string): boolean;
  };
}

/** Starts the inspector of XState 4 with a WebSocket server for viewers; it is in the global `__xstate__` until disposed. */
export function startXState4Inspector(): Promise<Disposable & { readonly url: string }>;

/** Reads a message by the inspector's own code: machines and states are XState 4's. */
export function readMessage(text: string): XState4Message;
