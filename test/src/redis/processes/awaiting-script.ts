import { createBreaker } from 'agent-circuit-breaker';
import { redisFleet } from 'agent-circuit-breaker/redis';
import { createClient } from 'redis';

// A process that nothing else keeps alive: its client has not been told to connect.
const breaker = createBreaker({ name: 'model', fleet: redisFleet({ client: createClient(), timeout: 300 }) });
await breaker.ready;
console.log(breaker.metrics().fleet?.isConnected, await breaker.call(async () => 'called'));
