const main = require('agent-circuit-breaker');
const llm = require('agent-circuit-breaker/llm');

import('./tell-story.ts')
  .then(({ tellStory }) => tellStory({ main, llm }))
  .then((story) => console.log(JSON.stringify(story)));
