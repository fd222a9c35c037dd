/** What a test sends to its worker. */
export interface WorkerRequest {
  readonly id: number;
  readonly message: unknown;
}

/** What a worker sends to its test: that it is ready, or how a request ended. */
export type WorkerReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: WorkerFailure };

/** An error, on its way from one process to another. */
export interface WorkerFailure {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}
