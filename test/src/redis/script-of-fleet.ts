import { expect } from 'vitest';
import { type FleetAnswer, readAnswer } from '../../../src/redis/fleet-answer.ts';
import {
  type FleetOrder,
  type RequestBase,
  type SharedCircuit,
  unknownCircuit,
} from '../../../src/redis/fleet-request.ts';
import { fleetScript } from '../../../src/redis/fleet-script.ts';
import type { RedisServer } from '../../support/redis/redis-server.ts';
import { newPrefix } from './fleet-node.ts';

/** One node that talks to the script itself, so that a test decides what it sends and when. */
export interface ScriptNode {
  /** Asks, and remembers the answer as what is known. */
  ask(order: FleetOrder, changes?: Partial<RequestBase>): Promise<FleetAnswer>;
  readonly known: SharedCircuit;
}

/** An opening that has just happened. */
export const opening = { op: 'open', age: 0, wait: 50, reopenings: 0, reason: '' } as const;

/** Makes nodes of one fleet. @param base - What their requests have in common. */
export function createScriptNodes(server: RedisServer, base: Partial<RequestBase> = {}): (name: string) => ScriptNode {
  const prefix = newPrefix();
  const keys = ['circuit', 'nodes', 'votes', 'slots', 'holds', 'failures'].map((key) => `${prefix}{model}:${key}`);
  return (name) => {
    let known = unknownCircuit;
    const common = { name: 'model', channel: `${prefix}news`, alive: 60_000, keep: 60_000, quorum: 2, window: 5000 };
    return {
      get known() {
        return known;
      },
      ask: async (order, changes) => {
        const request = {
          ...common,
          node: name,
          member: name,
          trials: 1,
          holds: 0,
          known,
          ...base,
          ...changes,
          ...order,
        };
        const reply = await server.command('EVAL', fleetScript, '6', ...keys, JSON.stringify(request));
        const answer = readAnswer(reply);
        const { token, retry, kept, wantedBy, ...circuit } = answer;
        known = circuit;
        return answer;
      },
    };
  };
}

/** Opens the circuit by a node, and waits until the wait is over by the server's clock. */
export async function openUntilDue(node: ScriptNode): Promise<void> {
  await node.ask(opening, { quorum: 1 });
  await expect.poll(async () => (await node.ask({ op: 'sync' })).rest, { interval: 5 }).toBe(0);
}

/** Asks for a slot. */
export async function acquire(node: ScriptNode, ttl = 5000): Promise<number> {
  const { token } = await node.ask({ op: 'acquire', ttl, isWanted: true, leases: {} });
  if (token === undefined) throw new Error('There is no slot.');
  return token;
}
