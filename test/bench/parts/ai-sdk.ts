import { createBreaker } from 'agent-circuit-breaker';
import { circuitBreakerMiddleware } from 'agent-circuit-breaker/ai-sdk';
import { wrapLanguageModel } from 'ai';
import { outOfReach } from '../libraries/library.ts';
import { cpuNs } from '../measuring/cpu-time.ts';
import type { Effort } from '../measuring/rounds.ts';
import type { Turn } from '../measuring/turns.ts';
import type { Figures } from '../row.ts';
import { beside } from './beside.ts';

type Model = Parameters<typeof wrapLanguageModel>[0]['model'];
type WrappedModel = ReturnType<typeof wrapLanguageModel>;
type Streamed = Awaited<ReturnType<WrappedModel['doStream']>>;
type Part = Streamed['stream'] extends ReadableStream<infer P> ? P : never;

/** Each part of a long streamed answer. */
export function measureParts(effort: Effort): Promise<Figures> {
  const breaker = createBreaker({ failureThreshold: outOfReach });
  return beside(effort, {
    unit: 'ns',
    ours: perPart((model) => wrapLanguageModel({ model, middleware: circuitBreakerMiddleware(breaker) })),
    bare: [
      'a middleware that does nothing',
      perPart((model) =>
        wrapLanguageModel({
          model,
          middleware: { specificationVersion: 'v4', wrapStream: ({ doStream }) => doStream() },
        }),
      ),
    ],
  });
}

/** One answer of so many parts a turn. */
function perPart(wrap: (model: Model) => WrappedModel): Turn {
  return async (count) => {
    const model = wrap(scriptedModel(answerOf(count)));
    const start = cpuNs();
    const { stream } = await model.doStream({ prompt: [] });
    const reader = stream.getReader();
    while (!(await reader.read()).done);
    return (cpuNs() - start) / count;
  };
}

/** A model that streams what it is told to, part by part as it is asked for. */
function scriptedModel(parts: readonly Part[]): Model {
  return {
    specificationVersion: 'v4',
    provider: 'scripted',
    modelId: 'model',
    supportedUrls: {},
    doGenerate: () => Promise.reject(new Error('It only streams.')),
    async doStream() {
      const script = parts.values();
      const stream = new ReadableStream<Part>({
        pull(controller) {
          const { done, value } = script.next();
          if (done) controller.close();
          else controller.enqueue(value);
        },
      });
      return { stream };
    },
  };
}

function answerOf(count: number): readonly Part[] {
  const text = Array.from({ length: count - 2 }, (_, index): Part => {
    return { type: 'text-delta', id: '1', delta: ` word${index}` };
  });
  return [
    { type: 'text-start', id: '1' },
    ...text,
    {
      type: 'finish',
      finishReason: { unified: 'stop', raw: 'stop' },
      usage: {
        inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
        outputTokens: { total: count, text: count, reasoning: 0 },
      },
    },
  ];
}
