import { type FailoverEvent, probe, tryEach } from '../breaker/failover.ts';
import { Attempt } from './attempt.ts';
import type { ModelCallParams, ModelIdentity } from './model-types.ts';

/** What is done when a model does not do. */
export interface ModelSwitchOptions {
  /**
   * What happens when no circuit admits the call. `throw`: rejects with the rejection of the circuit that recovers
   * first. `probeEarliest`: makes the call past that circuit, one at a time, and counts nothing; none that is isolated
   * or stopped. A stream is past it with its first content.
   * @default 'throw'
   */
  readonly allOpen?: 'throw' | 'probeEarliest' | undefined;
  /** Hears of each switch to the next model. What it throws is reported by `console.error` and changes nothing. */
  readonly onSwitch?: ((event: FailoverEvent<ModelIdentity>) => void) | undefined;
}

/** One of the models that a call can be made with. */
export interface AskedModel<Model, Params> {
  readonly model: Model;
  readonly params: Params;
  /** The name of its circuit, or the model's own where it has none. */
  readonly name: string;
  /** Whether another model is tried if this one fails with an error. */
  goesOnAfter(error: unknown): boolean;
}

/** Makes a call with one model after the other; see `failover`. */
export async function askAny<Model extends ModelIdentity, Params extends ModelCallParams, Result>(
  models: readonly Model[],
  params: Params,
  ask: (asked: AskedModel<Model, Params>) => PromiseLike<Result>,
  { allOpen, onSwitch }: ModelSwitchOptions,
): Promise<Result> {
  const candidates = models.map((model) => ({ model, attempt: Attempt.begin(params) }));
  type Candidate = (typeof candidates)[number];
  const isFinal = (error: unknown, { attempt: { breaker } }: Candidate) =>
    params.abortSignal?.aborted === true || (breaker !== undefined && !breaker.countsAsFailure(error));
  const isLast = (candidate: Candidate) => candidate === candidates.at(-1);
  const outcome = await tryEach(candidates, {
    attempt: async (candidate) => {
      const { model, attempt } = candidate;
      return ask({
        model,
        params: attempt.addTo(params),
        get name() {
          return attempt.breaker?.name ?? `${model.provider}/${model.modelId}`;
        },
        goesOnAfter: (error) => !isLast(candidate) && !isFinal(error, candidate),
      });
    },
    isFinal,
    onSwitch: onSwitch && ((event) => onSwitch({ ...event, from: event.from.model, to: event.to.model })),
  });
  if ('result' in outcome) return outcome.result;
  const { candidate, error } = outcome.first;
  const { model, attempt } = candidate;
  if (allOpen !== 'probeEarliest' || attempt.breaker === undefined) throw error;
  const probing = Attempt.begin(params, { isProbe: true }).addTo(params);
  const asked = { model, params: probing, name: attempt.breaker.name, goesOnAfter: () => false };
  return probe(attempt.breaker, error, () => ask(asked));
}
