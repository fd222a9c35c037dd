import type { AnyEmbeddingModel, ModelCallParams } from './model-types.ts';
import { NamedSource } from './named-source.ts';

/** The embedding model that the SDK finds under a name, as `embed` does. */
export class NamedEmbeddingModel<Version extends string, Params extends ModelCallParams, Answer>
  implements AnyEmbeddingModel<string, Params, Answer>
{
  readonly modelId: string;
  readonly #source: NamedSource<AnyEmbeddingModel<Version, Params, Answer>>;

  /** @param id - Such as `openai/text-embedding-3-small`. */
  constructor(id: string) {
    this.modelId = id;
    this.#source = new NamedSource(id, 'embeddingModel');
  }

  /** That of `ai` 6 until `ai` is loaded: 7 takes both. */
  get specificationVersion(): string {
    return this.#source.found?.specificationVersion ?? 'v3';
  }

  get provider(): string {
    return this.#source.found?.provider ?? 'gateway';
  }

  get maxEmbeddingsPerCall() {
    return this.#source.load().then(({ maxEmbeddingsPerCall }) => maxEmbeddingsPerCall);
  }

  get supportsParallelCalls() {
    return this.#source.load().then(({ supportsParallelCalls }) => supportsParallelCalls);
  }

  async doEmbed(params: Params): Promise<Answer> {
    return (await this.#source.load()).doEmbed(params);
  }
}
