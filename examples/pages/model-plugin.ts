import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import { createFaultSchedule } from '../provider/fault-schedule.ts';
import { createRequestHandler } from '../provider/request-handler.ts';

/** A model behind every page: `/v1` speaks OpenAI's chat completions, `PUT` and `DELETE /outage` begin and end an outage. */
export function modelPlugin(): Plugin {
  const schedule = createFaultSchedule([], undefined);
  const answer = createRequestHandler({
    schedule,
    reply: 'A circuit breaker stops calls that would fail.',
    record: () => {},
    isStopping: () => false,
  });
  const serve = (request: IncomingMessage, response: ServerResponse, next: () => void) => {
    if (request.url?.startsWith('/v1/')) return answer(request, response);
    if (request.url !== '/outage') return next();
    schedule.setStanding(request.method === 'PUT' ? { kind: 'status', status: 503 } : undefined);
    response.writeHead(204).end();
  };
  return {
    name: 'model',
    configureServer: ({ middlewares }) => {
      middlewares.use(serve);
    },
    configurePreviewServer: ({ middlewares }) => {
      middlewares.use(serve);
    },
  };
}
