import { propertyOf } from '../../machines/property-of.ts';

/** How a provider is asked for a model by its name. */
export type ModelMaker = 'languageModel' | 'embeddingModel';

/** Whoever has models by their names. */
type ModelProvider<Model> = Readonly<Record<ModelMaker, (id: string) => Model>>;

/**
 * Finds the model that the SDK finds under a name: with `AI_SDK_DEFAULT_PROVIDER` where that is set, else with its gateway.
 * Nothing of the SDK is loaded before it is needed.
 */
export class NamedSource<Model> {
  readonly #id: string;
  readonly #maker: ModelMaker;
  #gateway: ModelProvider<Model> | undefined;

  /** @param id - Such as `openai/gpt-5`. */
  constructor(id: string, maker: ModelMaker) {
    this.#id = id;
    this.#maker = maker;
    // Its version is known in time then, in all likelihood.
    this.load().catch(() => {});
  }

  /** The model; undefined until the SDK is loaded. */
  get found(): Model | undefined {
    const provider = defaultProvider<Model>() ?? this.#gateway;
    return provider?.[this.#maker](this.#id);
  }

  /** The model, as soon as the SDK is loaded. */
  async load(): Promise<Model> {
    const known = this.found;
    if (known) return known;
    const gateway = await loadGateway<Model>();
    this.#gateway = gateway;
    return gateway[this.#maker](this.#id);
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
