// A breaker that outlives its process: each invocation goes on from the snapshot that the last one left in a file.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BreakerOptions, BreakerOptionsError, createBreaker, systemClock } from 'agent-circuit-breaker';
import OpenAI from 'openai';
import { startProvider } from './provider/index.ts';

const { SNAPSHOT_FILE: file, BASE_URL: baseURL = '', SECONDS_LATER: seconds = '0' } = process.env;
if (file === undefined) await playPlatform();
else await handleRequest(file);

/** One invocation of the function, in a process of its own. */
async function handleRequest(file: string): Promise<void> {
  const clock = { ...systemClock, now: () => Date.now() + Number(seconds) * 1_000 }; // an example cannot wait a minute
  const options: BreakerOptions = { name: 'model', failureThreshold: 2, recoveryTimeout: 60_000, clock };
  const breaker = await restoreBreaker(file, options);
  const client = new OpenAI({ baseURL, apiKey: 'none', maxRetries: 0 });
  const end = await breaker
    .call(() => client.chat.completions.create({ model: 'gpt', messages: [] }))
    .then(
      () => 'an answer',
      (error: unknown) => (error instanceof OpenAI.APIError ? `${error.status}` : `${error}`),
    );
  console.log(`${end.split('.')[0]}; the circuit is ${breaker.state}`);
  await writeFile(file, JSON.stringify(breaker));
}

/** Without a snapshot, or with one that does not fit these options any more, the breaker starts afresh. */
async function restoreBreaker(file: string, options: BreakerOptions) {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  try {
    return createBreaker(text === undefined ? options : { ...options, snapshot: JSON.parse(text) });
  } catch (error) {
    if (!BreakerOptionsError.isInstance(error) && !(error instanceof SyntaxError)) throw error;
    console.log(`starting afresh: ${error.message}`);
    return createBreaker(options);
  }
}

/** What a platform does: it starts a process for each request. */
async function playPlatform(): Promise<void> {
  await using provider = await startProvider({ fault: { kind: 'status', status: 503 } });
  const folder = await mkdtemp(join(tmpdir(), 'breaker-'));
  for (const SECONDS_LATER of ['0', '0', '0', '60']) {
    if (SECONDS_LATER !== '0') provider.setFault(undefined);
    const env = {
      ...process.env,
      SNAPSHOT_FILE: join(folder, 'model.json'),
      BASE_URL: `${provider.baseUrl}/v1`,
      SECONDS_LATER,
    };
    await once(fork(fileURLToPath(import.meta.url), { env }), 'exit');
  }
  console.log(`4 processes, ${provider.requestCount} requests`);
  await rm(folder, { recursive: true });
}
