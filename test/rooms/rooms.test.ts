import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Room, rooms } from './rooms.ts';
import { isIn, selectRooms } from './select-rooms.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Every test file, relative to the root of the repository. */
const files = readdirSync(`${root}test`, { recursive: true })
  .map((file) => `test/${String(file).replaceAll('\\', '/')}`)
  .filter((file) => file.endsWith('.test.ts') && !file.includes('/node_modules/'));

const isOf = (file: string, pattern: string) =>
  pattern.endsWith('/**') ? file.startsWith(pattern.slice(0, -2)) : file === pattern;

const roomOf = (file: string): Room | undefined =>
  rooms.filter((room) => room.files.some((pattern) => isOf(file, pattern))).at(-1);

describe('the rooms of the tests', () => {
  it('have a place for every test file', () => {
    expect(files.length).toBeGreaterThan(200);
    expect(files.filter((file) => roomOf(file) === undefined)).toEqual([]);
  });

  it('name no file that is not there', () => {
    const named = rooms.flatMap((room) => room.files).filter((pattern) => !pattern.endsWith('/**'));
    expect(named.filter((file) => !files.includes(file))).toEqual([]);
  });

  it('run what has a length once more, at its full one', () => {
    const users = files.filter((file) =>
      /from '.*\/(runs|memory-scenarios)\.m?ts'/.test(readFileSync(root + file, 'utf8')),
    );
    expect(users.length).toBeGreaterThan(15);
    expect(users.filter((file) => roomOf(file)?.hasLengths !== true)).toEqual([]);
  });

  it('are each run by npm test or by what runs the rest, and all by npm run test:all', () => {
    for (const room of rooms) {
      expect([room.name, isIn('all', room)]).toEqual([room.name, true]);
      expect([room.name, isIn('everyday', room) || isIn('rest', room)]).toEqual([room.name, true]);
    }
  });

  it('are left out where their programs are missing, with one line that says how to have them', () => {
    const { rooms: left, leftOut } = selectRooms('everyday', () => ['chromium', 'redis-server']);
    expect(left.filter(({ needs = [] }) => needs.length > 0)).toEqual([]);
    expect(left.length).toBeGreaterThan(5);
    expect(leftOut).toBe(
      'Left out, for want of chromium and redis-server: page, fleet, fleet-histories. ' +
        'To have them: apt-get install --no-install-recommends chromium redis-server',
    );
    expect(selectRooms('all', () => []).leftOut).toBe(undefined);
    expect(selectRooms('all', () => []).rooms).toEqual(rooms);
  });
});
