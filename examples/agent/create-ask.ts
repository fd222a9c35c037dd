import OpenAI from 'openai';
import { fromPromise } from 'xstate';

/** A question to the vendor's real client; it is given up when the state that asks is left. */
export function createAsk(baseUrl: string) {
  const client = new OpenAI({ baseURL: `${baseUrl}/v1`, apiKey: 'none', maxRetries: 0 });
  return fromPromise(async ({ input: content, signal }: { input: string; signal: AbortSignal }) => {
    const answer = await client.chat.completions.create(
      { model: 'gpt', messages: [{ role: 'user', content }] },
      { signal },
    );
    return answer.choices[0]?.message.content ?? '';
  });
}
