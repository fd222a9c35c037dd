import { propertyOf } from '../../machines/property-of.ts';
import type { AnyLanguageModel, ModelCallParams, ModelStreamResult } from './model-types.ts';

/** Whoever has models by their names. */
interface ModelProvider<Model> {
  languageModel(id: string): Model;
}

/**
 * The model that the SDK finds under a name, as `generateText` does: with `AI_SDK_DEFAULT_PROVIDER` where that is set, else
 * with its gateway. Nothing of the SDK is loaded before it is needed.
 */
export class NamedModel<
  Version extends string,
  Params extends ModelCallParams,
  Answer,
  Streamed extends ModelStreamResult,
> implements AnyLanguageModel<string, Params, Answer, Streamed>
{
  readonly modelId: string;
  #gateway: ModelProvider<AnyLanguageModel<Version, Params, Answer, Streamed>> | undefined;

  /** @param id - Such as `openai/gpt-5`. */
  constructor(id: string) {
    this.modelId = id;
    // Its version is known in time then, in all likelihood.
    this.#load().catch(() => {});
  }

  /** That of `ai` 6 until `ai` is loaded: 7 takes both. */
  get specificationVersion(): string {
    return this.#found?.specificationVersion ?? 'v3';
  }

  get provider(): string {
    return this.#found?.provider ?? 'gateway';
  }

  get supportedUrls() {
    return this.#load().then(({ supportedUrls }) => supportedUrls);
  }

  async doGenerate(params: Params): Promise<Answer> {
    return (await this.#load()).doGenerate(params);
  }

  async doStream(params: Params): Promise<Streamed> {
    return (await this.#load()).doStream(params);
  }

  get #found(): AnyLanguageModel<Version, Params, Answer, Streamed> | undefined {
    const provider = defaultProvider<AnyLanguageModel<Version, Params, Answer, Streamed>>() ?? this.#gateway;
    return provider?.languageModel(this.modelId);
  }

  async #load(): Promise<AnyLanguageModel<Version, Params, Answer, Streamed>> {
    const known = this.#found;
    if (known) return known;
    const gateway = await loadGateway<AnyLanguageModel<Version, Params, Answer, Streamed>>();
    this.#gateway = gateway;
    return gateway.languageModel(this.modelId);
  }
}

/** Whose models they are is for the one to know who has set it. */
function defaultProvider<Model>(): ModelProvider<Model> | undefined;
function defaultProvider(): unknown {
  return propertyOf(globalThis, 'AI_SDK_DEFAULT_PROVIDER');
}

/** Of whichever version is installed. */
function loadGateway<Model>(): Promise<ModelProvider<Model>>;
async function loadGateway(): Promise<unknown> {
  const { gateway } = await import('ai');
  return gateway;
}
