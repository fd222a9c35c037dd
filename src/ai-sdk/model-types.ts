/** What a model is asked, as far as it matters to a circuit. */
export interface ModelCallParams {
  readonly abortSignal?: AbortSignal | undefined;
}

/** A part of a streamed answer. */
export interface ModelStreamPart {
  readonly type: string;
}

/** What a language model resolves with when it is asked for a stream. */
export interface ModelStreamResult {
  readonly stream: ReadableStream<ModelStreamPart>;
}

/** Says which model a model is. */
export interface ModelIdentity {
  readonly provider: string;
  readonly modelId: string;
}

/** What a language model can load from URLs by itself, by media type. */
export type SupportedUrls = Record<string, RegExp[]>;

/**
 * A language model of the AI SDK, whatever version of its specification: `Params`, `Answer` and `Streamed` are what
 * that version defines. It is described by its shape, so that no version of the SDK has to be installed for another.
 */
export interface AnyLanguageModel<
  Version extends string,
  Params extends ModelCallParams,
  Answer,
  Streamed extends ModelStreamResult,
> extends ModelIdentity {
  readonly specificationVersion: Version;
  readonly supportedUrls: PromiseLike<SupportedUrls> | SupportedUrls;
  doGenerate(params: Params): PromiseLike<Answer>;
  doStream(params: Params): PromiseLike<Streamed>;
}

/**
 * An embedding model of the AI SDK, whatever version of its specification: `Params` and `Answer` are what that version
 * defines.
 */
export interface AnyEmbeddingModel<Version extends string, Params extends ModelCallParams, Answer>
  extends ModelIdentity {
  readonly specificationVersion: Version;
  readonly maxEmbeddingsPerCall: PromiseLike<number | undefined> | number | undefined;
  readonly supportsParallelCalls: PromiseLike<boolean> | boolean;
  doEmbed(params: Params): PromiseLike<Answer>;
}

/** How long the parts of a stream may take. */
export interface StreamLimits {
  /**
   * How long the first content may take, in milliseconds from 1 to 2147483647: from the call to the first text,
   * reasoning or tool call, whether or not somebody reads. What takes longer is a failure (`CallTimeoutError`).
   * @default the `idleTimeout`
   */
  readonly firstItemTimeout?: number | undefined;
  /**
   * How long each later part may take, in milliseconds from 1 to 2147483647, while the consumer waits for it. What
   * takes longer is a failure (`CallTimeoutError`).
   * @default none
   */
  readonly idleTimeout?: number | undefined;
}
