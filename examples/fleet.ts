// Four processes share one circuit over Redis: two of them find out about an outage, and one at a time tries again.
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { createBreaker } from 'agent-circuit-breaker';
import { modelCalls } from 'agent-circuit-breaker/llm';
import { redisFleet } from 'agent-circuit-breaker/redis';
import OpenAI from 'openai';
import { createClient } from 'redis';
import { howToGetRedis, redisOr } from './fleet/redis.ts';
import { endWithParent, obey, startStaff } from './fleet/staff.ts';
import { startProvider } from './provider/index.ts';

const { REDIS_URL: url = '', BASE_URL: baseURL, PREFIX: prefix } = process.env;
if (prefix === undefined) await tellStory();
else await work();

/** Each of the four has a breaker that goes by what it sees itself, and one that shares its circuit with the others. */
async function work() {
  endWithParent();
  const client = createClient({ url }).on('error', console.error);
  await client.connect();
  const options = { name: 'openai', failureThreshold: 3, recoveryTimeout: 500, trialTimeout: 10_000, ...modelCalls() };
  const fleet = redisFleet({ client, prefix, quorum: 2, quorumWindow: 60_000, timeout: 5_000 });
  const [alone, shared] = [createBreaker(options), createBreaker({ ...options, fleet })];
  await shared.ready;
  const openai = new OpenAI({ baseURL, apiKey: 'none', maxRetries: 0 });
  obey({ alone, shared }, () => openai.chat.completions.create({ model: 'gpt', messages: [] }));
}

async function tellStory() {
  await using redis = await redisOr(url);
  process.exitCode = redis ? 0 : 1;
  if (!redis) return console.error(howToGetRedis);
  await using provider = await startProvider();
  const env = { REDIS_URL: redis.url, BASE_URL: `${provider.baseUrl}/v1`, PREFIX: `example-${randomUUID()}:` };
  await using staff = await startStaff(4, fileURLToPath(import.meta.url), env);
  let before = 0;
  const count = (story: string) => {
    console.log(`  ${story}: ${provider.requestCount - before}`);
    before = provider.requestCount;
  };
  for (const breaker of ['alone', 'shared'] as const) {
    console.log(breaker === 'alone' ? 'each by itself' : 'as a fleet, whose circuit opens when those of two have');
    provider.setFault({ kind: 'status', status: 503 });
    for (const index of [0, 1]) await staff.tell(index, { breaker, action: 'call', whileIt: 'closed' });
    // The news travels for a millisecond or two; calls that are made meanwhile get through.
    if (breaker === 'shared') await staff.tellAll({ breaker, action: 'wait', whileIt: 'closed' });
    for (const index of [2, 3]) await staff.tell(index, { breaker, action: 'call', whileIt: 'closed' });
    count('requests until all four know that the provider is down');
    const { calls, fleet } = await staff.tell(3, { breaker, action: 'wait', whileIt: 'closed' });
    if (fleet) console.log(`  the fourth has made ${calls} calls and knows why: ${fleet.reason?.kind}`);
    for (const story of ['trials in vain, after a wait', 'in vain again', 'trials that find it well']) {
      await staff.tellAll({ breaker, action: 'wait', whileIt: 'open' });
      if (story.endsWith('well')) provider.setFault(undefined);
      await staff.tellAll({ breaker, action: 'call', whileIt: 'halfOpen' });
      count(story);
    }
  }
}
