import type { AnyLanguageModel, ModelCallParams, ModelStreamResult } from './model-types.ts';
import { NamedSource } from './named-source.ts';

/** The language model that the SDK finds under a name, as `generateText` does. */
export class NamedModel<
  Version extends string,
  Params extends ModelCallParams,
  Answer,
  Streamed extends ModelStreamResult,
> implements AnyLanguageModel<string, Params, Answer, Streamed>
{
  readonly modelId: string;
  readonly #source: NamedSource<AnyLanguageModel<Version, Params, Answer, Streamed>>;

  /** @param id - Such as `openai/gpt-5`. */
  constructor(id: string) {
    this.modelId = id;
    this.#source = new NamedSource(id, 'languageModel');
  }

  /** That of `ai` 6 until `ai` is loaded: 7 takes both. */
  get specificationVersion(): string {
    return this.#source.found?.specificationVersion ?? 'v3';
  }

  get provider(): string {
    return this.#source.found?.provider ?? 'gateway';
  }

  get supportedUrls() {
    return this.#source.load().then(({ supportedUrls }) => supportedUrls);
  }

  async doGenerate(params: Params): Promise<Answer> {
    return (await this.#source.load()).doGenerate(params);
  }

  async doStream(params: Params): Promise<Streamed> {
    return (await this.#source.load()).doStream(params);
  }
}
