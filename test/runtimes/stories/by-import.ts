import * as main from 'agent-circuit-breaker';
import * as llm from 'agent-circuit-breaker/llm';
import { tellStory } from './tell-story.ts';

console.log(JSON.stringify(await tellStory({ main, llm })));
