export type { FailureReason } from '../machines/failure-reason.ts';
export type { Fleet } from '../machines/fleet/fleet-implementations.ts';
export type { FleetInput, FleetLogic, NodeEvent } from '../machines/fleet-actor.ts';
export { PeerFailureError } from './errors/peer-failure-error.ts';
export type {
  IoRedisClient,
  IoRedisSubscriber,
  NodeRedisClient,
  NodeRedisSubscriber,
  RedisClient,
} from './redis/redis-client.ts';
export { redisFleet } from './redis/redis-fleet.ts';
export type { RedisFleetOptions } from './redis/redis-fleet-options.ts';
