import { createServer, type ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';

// A provider of models that answers at once: /answer with one JSON document, /events/100 with a stream of 100 events.
// A process of its own, so that what it takes is not counted.

process.on('disconnect', () => process.exit());

const choice = { index: 0, message: { role: 'assistant', content: 'The quick brown fox jumps over the lazy dog.' } };
const answer = JSON.stringify({ id: 'chat-1', object: 'chat.completion', model: 'model', choices: [choice] });

const server = createServer((request, response) => {
  request.resume();
  const [, path, count] = (request.url ?? '').split('/');
  if (path === 'events') return void stream(response, Number(count));
  response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
});
server.listen(0, '127.0.0.1', () => process.send?.(server.address()));

/** Each event is sent by itself, as a model's are that come one after the other. */
async function stream(response: ServerResponse, count: number): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (let index = 1; index < count; index++) {
    response.write(event({ delta: { content: ` word${index}` }, finish_reason: null }));
    await setImmediate();
  }
  response.write(event({ delta: {}, finish_reason: 'stop' }));
  response.end('data: [DONE]\n\n');
}

function event(change: object): string {
  const chunk = { id: 'chat-1', object: 'chat.completion.chunk', model: 'model', choices: [{ index: 0, ...change }] };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}
