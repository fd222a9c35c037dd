/** No response with such a status can be made with a body. */
const withoutBody: readonly number[] = [101, 103, 204, 205, 304];

/** The body of a response that can be given another one: it is a web stream that nobody has begun to read. */
export function readableBodyOf(response: Response): ReadableStream<Uint8Array> | undefined {
  const { body, status } = response;
  if (withoutBody.includes(status)) return undefined;
  return typeof body?.getReader === 'function' && !response.bodyUsed ? body : undefined;
}

/**
 * A response like another one, but for its body. A `Response` that is made by hand knows no URL and no redirection, so
 * they are put on it; `clone()` keeps them.
 */
export function withBody(
  original: Response,
  body: ReadableStream<Uint8Array>,
  headers: Headers = original.headers,
): Response {
  const { status, statusText } = original;
  return likeOriginal(new Response(body, { status, statusText, headers }), original);
}

function likeOriginal(response: Response, original: Pick<Response, 'url' | 'redirected' | 'type'>): Response {
  const { url, redirected, type } = original;
  const facts = { url, redirected, type };
  return Object.defineProperties(response, {
    ...Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, { value, configurable: true }])),
    clone: {
      value: () => likeOriginal(Response.prototype.clone.call(response), facts),
      configurable: true,
      writable: true,
    },
  });
}
