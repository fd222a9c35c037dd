import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createBreaker } from 'agent-circuit-breaker';
import { createGateway, generateText, wrapLanguageModel } from 'ai';
import { describe, expect, it, onTestFinished } from 'vitest';
import { modelMiddleware } from '../../../src/ai-sdk.ts';
import { modelCalls } from '../../../src/llm.ts';
import { reasonOf } from '../../support/calls.ts';
import { endedCallsSuite } from './ended-calls-suite.ts';
import { ai6Sdk, ai7Sdk } from './sdk.ts';

endedCallsSuite(ai7Sdk);
endedCallsSuite(ai6Sdk);

/** Where the gateway of the AI SDK would be. */
async function startThrottledGateway() {
  let requestCount = 0;
  const server = createServer((request, response) => {
    request.resume();
    requestCount++;
    response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '20' });
    response.end(JSON.stringify({ error: { message: 'Slow down.', type: 'rate_limit_exceeded' } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address: AddressInfo | string | null = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { baseURL: `http://127.0.0.1:${port}`, requestCount: () => requestCount };
}

describe('a model of the gateway', () => {
  it("S-90 ends its call with the gateway's own error, which is not retried", async () => {
    const { baseURL, requestCount } = await startThrottledGateway();
    const breaker = createBreaker({ failureThreshold: 1, ...modelCalls() });
    const gateway = createGateway({ baseURL, apiKey: 'any' });
    const model = wrapLanguageModel({ model: gateway('openai/gpt-5'), middleware: modelMiddleware(breaker) });
    const error = await reasonOf(generateText({ model, prompt: 'Hello' }));
    expect(error).toMatchObject({ name: 'GatewayRateLimitError', isRetryable: false, cause: { isRetryable: true } });
    expect([requestCount(), breaker.state]).toEqual([1, 'open']);
  });
});
