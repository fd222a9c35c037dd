import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createBreaker } from 'agent-circuit-breaker';
import { breakerFetch } from 'agent-circuit-breaker/fetch';
import { outOfReach } from '../libraries/library.ts';
import { cpuNs } from '../measuring/cpu-time.ts';
import type { Effort } from '../measuring/rounds.ts';
import { awaited, type Turn } from '../measuring/turns.ts';
import type { Figures } from '../row.ts';
import { beside } from './beside.ts';

type Fetch = (url: string) => Promise<Response>;

/** A request for one JSON answer, read to its end. */
export function measureAnswers(programs: URL, effort: Effort): Promise<Figures> {
  return besideFetch(programs, effort, (fetch, url) => awaited(async () => (await fetch(`${url}/answer`)).json()));
}

/** Each event of a long stream of server-sent events, read as bytes. */
export function measureEvents(programs: URL, effort: Effort): Promise<Figures> {
  return besideFetch(programs, effort, (fetch, url) => async (count) => {
    const start = cpuNs();
    const { body } = await fetch(`${url}/events/${count}`);
    const reader = body?.getReader();
    while ((await reader?.read())?.done === false);
    return (cpuNs() - start) / count;
  });
}

async function besideFetch(
  programs: URL,
  effort: Effort,
  toTurn: (fetch: Fetch, url: string) => Turn,
): Promise<Figures> {
  const server = fork(new URL('parts/server-process.js', programs), { execArgv: [] });
  const [{ port }] = await once(server, 'message');
  const url = `http://127.0.0.1:${port}`;
  const guarded = breakerFetch(createBreaker({ failureThreshold: outOfReach }));
  try {
    return await beside(effort, {
      unit: 'us',
      ours: toTurn(guarded, url),
      bare: ['plain fetch', toTurn((input) => fetch(input), url)],
    });
  } finally {
    server.disconnect();
  }
}
