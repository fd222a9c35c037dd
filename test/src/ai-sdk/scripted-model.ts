import { circuitBreakerMiddleware, type ModelStreamPart, type StreamLimits } from '../../../src/ai-sdk.ts';
import type { CircuitBreaker } from '../../../src/breaker/circuit-breaker.ts';

/** A model whose stream the test writes part by part. */
export class ScriptedModel {
  readonly provider = 'scripted';
  readonly modelId = 'model';
  /** Why the stream was cancelled, once it has been. */
  cancelled: { readonly reason: unknown } | undefined;
  /** How often a part has been asked for. */
  asked = 0;
  /** What the model was told to end its call by. */
  signal: AbortSignal | undefined;
  #controller: ReadableStreamDefaultController<ModelStreamPart> | undefined;
  readonly stream = new ReadableStream<ModelStreamPart>(
    {
      start: (controller) => {
        this.#controller = controller;
      },
      pull: () => {
        this.asked++;
      },
      cancel: (reason) => {
        this.cancelled = { reason };
      },
    },
    { highWaterMark: 0 },
  );

  /** Ends the wait for the model's response; a model that is given one responds late. */
  readonly response: PromiseLike<unknown> | undefined;

  constructor(response?: PromiseLike<unknown>) {
    this.response = response;
  }

  async doStream({ abortSignal }: { readonly abortSignal?: AbortSignal | undefined }) {
    this.signal = abortSignal;
    await this.response;
    return { stream: this.stream, request: 'as it is' };
  }

  write(...parts: readonly ModelStreamPart[]): void {
    for (const part of parts) this.#controller?.enqueue(part);
  }

  end(): void {
    this.#controller?.close();
  }

  fail(error: unknown): void {
    this.#controller?.error(error);
  }
}

/** Asks a model for a stream through a circuit. */
export function streamThrough(
  breaker: CircuitBreaker,
  model: ScriptedModel,
  { abortSignal, ...limits }: StreamLimits & { readonly abortSignal?: AbortSignal } = {},
) {
  return circuitBreakerMiddleware(breaker, limits).wrapStream({ model, params: { abortSignal } });
}

/** The part that ends a stream. */
export function finish(unified: string, raw?: string): ModelStreamPart {
  return Object.assign({ type: 'finish' }, { finishReason: { unified, raw }, usage: { total: 1 } });
}

/** A piece of text. */
export function text(delta: string, id = '0'): ModelStreamPart {
  return Object.assign({ type: 'text-delta' }, { id, delta });
}

/** An error in a stream. */
export function errorPart(error: unknown): ModelStreamPart {
  return Object.assign({ type: 'error' }, { error });
}
