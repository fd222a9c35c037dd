// The world in which the code of the papers runs: what the prelude declares, and one provider in the place of every other.

const { BASE_URL: base = '' } = process.env;
const realFetch = globalThis.fetch;

/** What the stand-in does not speak: embeddings, a vector for each text. */
function embed(body: unknown): Response {
  const { input }: { readonly input?: unknown } = typeof body === 'string' ? JSON.parse(body) : {};
  const texts: readonly unknown[] = Array.isArray(input) ? input : [input];
  const data = texts.map((_, index) => ({ object: 'embedding', index, embedding: [0.1, 0.2] }));
  return Response.json({ object: 'list', model: 'any', data });
}

async function fetchHere(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const url = new URL(typeof input === 'object' && 'url' in input ? input.url : input);
  if (url.pathname.endsWith('/embeddings')) return embed(init?.body);
  if (url.pathname === '/') return new Response('a page');
  const here = new URL(url.pathname + url.search, base);
  return input instanceof Request ? realFetch(new Request(here, input), init) : realFetch(here, init);
}

Object.assign(globalThis, {
  callModel: async (prompt: string) => `an answer to ${prompt}`,
  prompt: 'Hello',
  url: 'https://example.com/',
  fetch: fetchHere,
});
Object.assign(process.env, { OPENAI_API_KEY: 'none', ANTHROPIC_API_KEY: 'none' });
