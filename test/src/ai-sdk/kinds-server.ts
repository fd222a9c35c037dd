import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** How the server treats its clients: it answers, fails with a status, or stays silent. */
export type Treatment = 'answers' | 'stays silent' | { readonly status: number; readonly headers?: object };

/** A provider of models of every kind, over HTTP: of OpenAI's make and of the SDK's gateway. */
export interface KindsServer {
  readonly baseUrl: string;
  /** When each request arrived, in epoch milliseconds. */
  readonly requestedAt: readonly number[];
  treatment: Treatment;
}

const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const vectors = [[1, 0, 0]];
const choice = { index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' };

/** Good answers by the ends of paths. */
const answers: readonly (readonly [string, object])[] = [
  ['/chat/completions', { id: '1', created: 1, model: 'any', choices: [choice] }],
  ['/embeddings', { data: vectors.map((embedding) => ({ embedding })), usage: { prompt_tokens: 1 } }],
  ['/images/generations', { data: [{ b64_json: pixel }] }],
  ['/embedding-model', { embeddings: vectors }],
  ['/image-model', { images: [pixel] }],
  ['/speech-model', { audio: 'SUQzBAAAAAAA' }],
  ['/transcription-model', { text: 'Hello', segments: [], language: 'en' }],
  ['/reranking-model', { ranking: [{ index: 0, relevanceScore: 1 }] }],
];

/** Starts one that answers; it is stopped when the test is over. */
export async function startKindsServer(treatment: Treatment = 'answers'): Promise<KindsServer> {
  const requestedAt: number[] = [];
  const server = createServer((request, response) => {
    requestedAt.push(Date.now());
    request.resume().once('end', () => respond(response, kinds.treatment, request.url));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address: AddressInfo | string | null = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const kinds = { baseUrl: `http://127.0.0.1:${port}`, requestedAt, treatment };
  return kinds;
}

function respond(response: ServerResponse, treatment: Treatment, path = ''): void {
  if (treatment === 'stays silent') return;
  const isWell = treatment === 'answers';
  const body = isWell
    ? answers.find(([end]) => path.endsWith(end))?.[1]
    : { error: { message: 'Not now.', type: 'server_error' } };
  const headers = { 'content-type': 'application/json', ...(isWell ? {} : treatment.headers) };
  response.writeHead(isWell ? 200 : treatment.status, headers);
  response.end(JSON.stringify(body));
}
