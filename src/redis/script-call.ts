import { fleetScript } from './fleet-script.ts';
import type { RedisScript } from './redis-client.ts';

const keyNames = ['circuit', 'nodes', 'votes', 'slots', 'holds', 'failures'] as const;

/** The keys of a breaker. All share a hash tag, so that they are on one node of a cluster. */
export function keysOf(prefix: string, name: string): readonly string[] {
  const tag = name.replaceAll('%', '%25').replaceAll('{', '%7B').replaceAll('}', '%7D');
  return keyNames.map((key) => `${prefix}{${tag}}:${key}`);
}

/** A name as it comes back from the server; see `writeRequest`. */
export function wellFormed(name: string): string {
  return name.replace(/[\ud800-\udfff]/gu, '\ufffd');
}

/** Writes the argument of the script. Lua's JSON knows no half of a surrogate pair, as an emoji is that was cut in two. */
export function writeRequest(request: object): string {
  return JSON.stringify(request).replace(/\\ud[89a-f][0-9a-f]{2}/gi, '\\ufffd');
}

/** The script, with the hash by which a server knows it: SHA-1 in hexadecimal digits. */
export async function loadScript(): Promise<RedisScript> {
  const hash = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(fleetScript));
  const digits = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0'));
  return { text: fleetScript, sha: digits.join('') };
}
