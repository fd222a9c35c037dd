import * as main from 'agent-circuit-breaker';
import * as llm from 'agent-circuit-breaker/llm';
import { tellStory } from './tell-story.ts';

/** What workerd gives to a listener; the types of the project know nothing of it. */
interface FetchEvent extends Event {
  respondWith(response: Promise<Response>): void;
}
const isFetchEvent = (event: Event): event is FetchEvent => 'respondWith' in event;

addEventListener('fetch', (event) => {
  if (isFetchEvent(event)) event.respondWith(tellStory({ main, llm }).then((story) => Response.json(story)));
});
