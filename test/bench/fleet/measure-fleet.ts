import { whyNoRedisServer } from '../../support/redis/redis-available.ts';
import { startRedisServer } from '../../support/redis/redis-server.ts';
import type { Effort } from '../measure.ts';
import type { Row } from '../rows.ts';
import { type Crowd, measureBreakers } from './breakers.ts';
import { measureFleetRejection, measureFleetSuccess } from './calls.ts';
import type { Column } from './column.ts';
import { measureCallCommands, measurePolls } from './commands.ts';
import { measureOpenings, type OpeningEffort } from './openings.ts';

/** What was measured of fleets, or why nothing could be. */
export interface FleetReport {
  readonly rows: readonly Row<Column>[];
  /** Undefined where there is a server. */
  readonly skipped: string | undefined;
}

/** How much of fleets is measured. */
export interface FleetEffort {
  readonly calls: Effort;
  readonly crowd: Crowd;
  readonly openings: OpeningEffort;
}

/**
 * Measures breakers that share their circuit, by a server that is started for it.
 *
 * @param nodesProcess - What a process of nodes runs.
 */
export async function measureFleet(nodesProcess: URL, { calls, crowd, openings }: FleetEffort): Promise<FleetReport> {
  if (whyNoRedisServer !== undefined) return { rows: [], skipped: whyNoRedisServer };
  await using server = await startRedisServer();
  const rows = [
    await measureFleetSuccess(server.url, calls),
    await measureFleetRejection(server.url, calls),
    await measureCallCommands(server),
    ...(await measurePolls(server)),
    ...(await measureOpenings(server, nodesProcess, openings)),
    ...(await measureBreakers(server.url, crowd)),
  ];
  return { rows, skipped: undefined };
}
