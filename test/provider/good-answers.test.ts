import type Anthropic from '@anthropic-ai/sdk';
import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import {
  anthropicQuestion,
  createAnthropic,
  createOpenAi,
  openAiQuestion,
  reply,
  startTestProvider,
  vendors,
} from './vendors.ts';

describe.each(vendors)('a good answer for $name', (vendor) => {
  it('comes whole when asked plainly', async () => {
    const provider = await startTestProvider();
    expect(await vendor.ask(provider)).toBe(reply);
  });

  it('comes word by word when asked as a stream', async () => {
    const provider = await startTestProvider();
    const { text, itemCount, error } = await vendor.readStream(provider);
    expect(error).toBeUndefined();
    expect(text).toBe(reply);
    expect(itemCount).toBeGreaterThan(9);
  });

  it('says what it is told to, line breaks and foreign letters included', async () => {
    const ownReply = 'Zwölf Boxkämpfer\n\n jagen  Viktor 🥊 \n';
    const provider = await startTestProvider({ reply: ownReply });
    expect(await vendor.ask(provider)).toBe(ownReply);
    expect((await vendor.readStream(provider)).text).toBe(ownReply);
  });
});

describe('the wire format of OpenAI', () => {
  it('has every field of a chat completion', async () => {
    const provider = await startTestProvider();
    const { data, request_id } = await createOpenAi(provider).chat.completions.create(openAiQuestion).withResponse();
    const expected: OpenAI.ChatCompletion = {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: expect.any(Number),
      model: 'gpt-test',
      service_tier: 'default',
      system_fingerprint: expect.any(String),
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: reply, refusal: null, annotations: [] },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: expect.objectContaining({ completion_tokens: 9, total_tokens: expect.any(Number) }),
    };
    expect(data).toEqual(expected);
    expect(request_id).toBe('req_1');
  });

  it('streams the role, the words, the finish reason and, when wanted, the usage', async () => {
    const provider = await startTestProvider({ reply: 'Hello there' });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    const stream = await createOpenAi(provider).chat.completions.create({
      ...openAiQuestion,
      stream: true,
      stream_options: { include_usage: true },
    });
    for await (const chunk of stream) chunks.push(chunk);

    expect(chunks.map((chunk) => chunk.choices[0]?.delta)).toEqual([
      { role: 'assistant', content: '', refusal: null },
      { content: 'Hello' },
      { content: ' there' },
      {},
      undefined,
    ]);
    expect(chunks.map((chunk) => chunk.choices[0]?.finish_reason)).toEqual([null, null, null, 'stop', undefined]);
    expect(chunks.map((chunk) => chunk.usage?.completion_tokens)).toEqual([...Array(4).fill(undefined), 2]);
    expect(new Set(chunks.map((chunk) => `${chunk.id} ${chunk.object} ${chunk.model}`))).toEqual(
      new Set(['chatcmpl-1 chat.completion.chunk gpt-test']),
    );
  });

  it('leaves the usage out of a stream that did not ask for it', async () => {
    const provider = await startTestProvider();
    const usages: unknown[] = [];
    const stream = await createOpenAi(provider).chat.completions.create({
      ...openAiQuestion,
      stream: true,
    });
    for await (const chunk of stream) usages.push(chunk.usage);
    expect(usages).toEqual(usages.map(() => undefined));
  });

  it('ends a stream with [DONE]', async () => {
    const provider = await startTestProvider();
    const response = await fetch(`${provider.baseUrl}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ ...openAiQuestion, stream: true }),
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(await response.text()).toMatch(/"finish_reason":"stop".*\n\ndata: \[DONE\]\n\n$/);
  });

  it("satisfies the SDK's own stream helper", async () => {
    const provider = await startTestProvider();
    const stream = createOpenAi(provider).chat.completions.stream(openAiQuestion);
    expect(await stream.finalContent()).toBe(reply);
  });
});

describe('the wire format of Anthropic', () => {
  it('has every field of a message', async () => {
    const provider = await startTestProvider();
    const { data, request_id } = await createAnthropic(provider).messages.create(anthropicQuestion).withResponse();
    const expected: Anthropic.Message = {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-test',
      content: [{ type: 'text', text: reply, citations: null }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      stop_details: null,
      container: null,
      diagnostics: null,
      usage: {
        input_tokens: expect.any(Number),
        output_tokens: 9,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        output_tokens_details: null,
        server_tool_use: null,
        inference_geo: null,
        service_tier: 'standard',
        speed: null,
      },
    };
    expect(data).toEqual(expected);
    expect(request_id).toBe('req_1');
  });

  it('streams the events of a message in their order, a ping among them', async () => {
    const provider = await startTestProvider({ reply: 'Hello there' });
    const response = await fetch(`${provider.baseUrl}/v1/messages`, {
      method: 'POST',
      body: JSON.stringify({ ...anthropicQuestion, stream: true }),
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const text = await response.text();
    expect([...text.matchAll(/^event: (\w+)\ndata: \{"type":"(\w+)"/gm)].map(String)).toEqual(
      [
        'message_start',
        'content_block_start',
        'ping',
        'content_block_delta',
        'content_block_delta',
        'content_block_stop',
        'message_delta',
        'message_stop',
      ].map((type) => `event: ${type}\ndata: {"type":"${type}",${type},${type}`),
    );
  });

  it('gives the stop reason and the usage at the end of a stream', async () => {
    const provider = await startTestProvider();
    const message = await createAnthropic(provider).messages.stream(anthropicQuestion).finalMessage();
    expect(message.content).toMatchObject([{ type: 'text', text: reply }]);
    expect(message.stop_reason).toBe('end_turn');
    expect(message.usage.output_tokens).toBe(9);
  });
});
