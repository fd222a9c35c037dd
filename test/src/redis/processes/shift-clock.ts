import { readWorkerData } from '../../../support/redis/serve-worker.ts';

/** How far the clock of this process is ahead; to be imported before anything that reads the clock. */
export const clockShiftMs = shiftClock();

function shiftClock(): number {
  const data = readWorkerData();
  const shiftMs = typeof data === 'object' && data !== null && 'shiftMs' in data ? Number(data.shiftMs) : 0;
  const { timeOrigin } = performance;
  const now = Date.now.bind(Date);
  Date.now = () => now() + shiftMs;
  Object.defineProperty(performance, 'timeOrigin', { get: () => timeOrigin + shiftMs });
  return shiftMs;
}
