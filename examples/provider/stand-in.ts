import type { Fault, ScriptStep } from './fault.ts';
import type { ProviderOptions } from './provider.ts';
import { startProvider } from './start-provider.ts';

/** A model's server: the vendor's own, or one that stands in for it. */
export interface ModelServer extends AsyncDisposable {
  /** What a client is given as its base URL. */
  readonly baseUrl: string;
  /** Has the stand-in fail, until it is told otherwise; the vendor's own server takes no orders. */
  setFault(fault: Fault | undefined): void;
  /** Tells the stand-in how to answer the next requests. */
  answerWith(...steps: readonly ScriptStep[]): void;
  /** How many requests have reached the stand-in. */
  readonly requestCount: number | undefined;
}

/**
 * The server that the environment names, so that an example runs against the real one, or a stand-in.
 *
 * @param baseUrl - What the environment says, such as `process.env.OPENAI_BASE_URL`.
 * @param path - What a client of this vendor wants behind the address of the stand-in, such as `/v1`.
 * @param options - Of the stand-in.
 */
export async function serverOr(
  baseUrl: string | undefined,
  path: string,
  options: ProviderOptions = {},
): Promise<ModelServer> {
  if (baseUrl !== undefined)
    return { baseUrl, requestCount: undefined, ...deaf, [Symbol.asyncDispose]: async () => {} };
  const provider = await startProvider(options);
  return {
    baseUrl: provider.baseUrl + path,
    setFault: provider.setFault,
    answerWith: provider.answerWith,
    get requestCount() {
      return provider.requestCount;
    },
    [Symbol.asyncDispose]: provider.stop,
  };
}

const deaf = { setFault: () => {}, answerWith: () => {} };
