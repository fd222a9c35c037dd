import { createBrowserInspector } from '@statelyai/inspect';
import { createBreaker } from 'agent-circuit-breaker';
import { askModel, setOutage } from '../pages/model.ts';

// Without an iframe it opens a window. Either shows https://stately.ai/inspect, which gets the messages from this page.
const { inspect } = createBrowserInspector({ iframe: document.querySelector('iframe') });
const breaker = createBreaker({ name: 'model', failureThreshold: 2, recoveryTimeout: 3_000, inspect });

const output = document.querySelector('output');
breaker.on('stateChange', (_from, to) => output?.replaceChildren(to));

async function ask(isDown: boolean) {
  await setOutage(isDown);
  await breaker.call(askModel, 'What is a circuit breaker?').catch((error) => console.info(String(error)));
}
document.querySelector('#good')?.addEventListener('click', () => ask(false));
document.querySelector('#bad')?.addEventListener('click', () => ask(true));
