import { setTimeout as delay } from 'node:timers/promises';
import {
  type BreakerOptions,
  type CircuitBreaker,
  CircuitBreakerOpenError,
  createBreaker,
} from 'agent-circuit-breaker';
import { redisFleet } from 'agent-circuit-breaker/redis';
import { createClient } from 'redis';
import { serveWorker } from '../../../support/redis/serve-worker.ts';
import { clockShiftMs } from './shift-clock.ts';

/** What a test asks of a process with a breaker in a fleet. */
export type WorkerOrder =
  /** Joins the fleet with a breaker, in place of the one before. */
  | { readonly op: 'join'; readonly url: string; readonly prefix: string; readonly breaker: BreakerOptions }
  /** Makes so many calls that fail. */
  | { readonly op: 'fail'; readonly times: number }
  /** Begins to make one call after the other to an address, until one has gone through or `rest` is ordered. */
  | { readonly op: 'rush'; readonly provider: string }
  | { readonly op: 'rest' | 'look' };

/** What it answers to each. */
export interface WorkerSight {
  readonly state: string;
  readonly fleet: string | undefined;
  readonly retryAfterMs: number | null;
  /** How far its clock is ahead, and the time by it, in epoch ms. */
  readonly clockShiftMs: number;
  readonly now: number;
  /** Why the calls of the rush were rejected, and how many were. */
  readonly reasons: readonly string[];
  readonly rejections: number;
  readonly hasGoneThrough: boolean;
}

const client = createClient();
let breaker: CircuitBreaker = createBreaker();
let isRushing = false;
let hasGoneThrough = false;
let rejections = 0;
const reasons = new Set<string>();

async function obey(order: WorkerOrder) {
  if (order.op === 'join') await join(order);
  else if (order.op === 'rest') isRushing = false;
  else if (order.op === 'rush') void rush(order.provider);
  else if (order.op === 'fail')
    for (let count = 0; count < order.times; count++)
      await breaker.call(() => Promise.reject(new Error('no'))).catch(() => {});
  return look();
}

async function join({ url, prefix, breaker: options }: WorkerOrder & { op: 'join' }): Promise<void> {
  breaker.stop();
  const opened = client.duplicate({ url, socket: { reconnectStrategy: 50 } });
  opened.on('error', () => {});
  await opened.connect();
  breaker = createBreaker({
    name: 'model',
    ...options,
    fleet: redisFleet({ client: opened, prefix, quorum: 1, pollInterval: 1000, timeout: 10_000 }),
  });
  await breaker.ready;
}

async function rush(provider: string): Promise<void> {
  isRushing = true;
  hasGoneThrough = false;
  reasons.clear();
  rejections = 0;
  while (isRushing) {
    try {
      await breaker.call(() => fetch(provider).then((answer) => answer.text()));
      hasGoneThrough = true;
      return;
    } catch (error) {
      rejections++;
      reasons.add(error instanceof CircuitBreakerOpenError ? error.reason : String(error));
    }
    await delay(20);
  }
}

function look(): WorkerSight {
  const { fleet, retryAfterMs } = breaker.metrics();
  const { state } = breaker;
  return {
    state,
    fleet: fleet?.state,
    retryAfterMs,
    clockShiftMs,
    now: Date.now(),
    reasons: [...reasons],
    rejections,
    hasGoneThrough,
  };
}

function isOrder(message: unknown): message is WorkerOrder {
  return typeof message === 'object' && message !== null && 'op' in message;
}

serveWorker((message) => (isOrder(message) ? obey(message) : undefined));
