import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';
import { type CaseAnswer, present } from './corpus.ts';

/**
 * Starts a server on a free port of 127.0.0.1 that answers everything with one case, until the test is over.
 *
 * @returns Its address, without a slash at its end.
 */
export async function serveCase({ status, headers, body, chunks }: CaseAnswer): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    response.writeHead(status, { date: new Date(present).toUTCString(), ...type, ...headers });
    for (const chunk of chunks ?? [JSON.stringify(body ?? '')]) response.write(chunk);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
  return `http://127.0.0.1:${address.port}`;
}
