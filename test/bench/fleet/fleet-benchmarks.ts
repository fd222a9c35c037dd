import type { RedisServer } from '../../support/redis/redis-server.ts';
import type { Benchmark } from '../benchmark.ts';
import type { Figures } from '../row.ts';

/** What is measured of breakers that share their circuit, each by a server that is started for it. */
export function fleetBenchmarks(isQuick: boolean): readonly Benchmark[] {
  const effort = isQuick ? { rounds: 2, calls: 200, warmUpMs: 0 } : { rounds: 51, calls: 4_000, warmUpMs: 250 };
  const crowd = isQuick ? { rounds: 1, breakers: 20 } : { rounds: 3, breakers: 500 };
  const openings = isQuick
    ? { processes: 2, nodesOfEach: 2, openings: 3 }
    : { processes: 4, nodesOfEach: 5, openings: 150 };
  const opening = `from the quorum to the last of ${openings.processes * openings.nodesOfEach} nodes' rejection`;
  return [
    rows(['successful call, closed'], async ({ url }) => {
      const { measureFleetSuccess } = await import('./calls.ts');
      return [await measureFleetSuccess(url, effort)];
    }),
    rows(['rejection, open'], async ({ url }) => {
      const { measureFleetRejection } = await import('./calls.ts');
      return [await measureFleetRejection(url, effort)];
    }),
    rows(['commands for 1,000 healthy calls'], async (server) => {
      const { measureCallCommands } = await import('./commands.ts');
      return [await measureCallCommands(server)];
    }),
    rows(['scripts in a minute, by polls', 'commands of each, itself included'], async (server) => {
      const { measurePolls } = await import('./commands.ts');
      return measurePolls(server);
    }),
    rows([`${opening}, p50`, `${opening}, p99`], async (server, programs) => {
      const { measureOpenings } = await import('./openings.ts');
      return measureOpenings(server, new URL('fleet/nodes-process.js', programs), openings);
    }),
    rows(ofMaking, async ({ url }) => {
      const { measureBreakers } = await import('./breakers.ts');
      return measureBreakers(url, crowd);
    }),
  ];
}

const ofMaking = [
  'making a breaker of a registry',
  'memory per breaker of a registry',
  'making a breaker by createBreaker',
  'memory per breaker by createBreaker',
];

type Measure = (server: RedisServer, programs: URL) => Promise<readonly Figures[]>;

function rows(names: readonly string[], measure: Measure): Benchmark {
  return {
    names,
    table: 'fleet',
    async measure(programs) {
      const { withRedis } = await import('./with-redis.ts');
      return withRedis((server) => measure(server, programs));
    },
  };
}
