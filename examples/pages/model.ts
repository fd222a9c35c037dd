import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: `${location.origin}/v1`,
  apiKey: 'sk-page-123',
  maxRetries: 0,
  // A page of yours asks a server of yours, which has the key.
  dangerouslyAllowBrowser: true,
});

/** Asks the model; throws what the vendor's client throws. */
export async function askModel(prompt: string): Promise<string> {
  const answer = await client.chat.completions.create({ model: 'gpt', messages: [{ role: 'user', content: prompt }] });
  return answer.choices[0]?.message.content ?? '';
}

/** Begins or ends an outage of the model. */
export async function setOutage(isDown: boolean): Promise<void> {
  await fetch('/outage', { method: isDown ? 'PUT' : 'DELETE' });
}
