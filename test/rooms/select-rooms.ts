import { howToInstall, missingPrograms, type ProgramName } from './programs.ts';
import { type Room, rooms } from './rooms.ts';

/** Which rooms are run: those of every day, all of them, or those that `npm test` leaves to others. */
export type RoomMode = 'everyday' | 'all' | 'rest';

/** What is run, and what cannot be run here. */
export interface RoomSelection {
  readonly rooms: readonly Room[];
  /** What to tell about the rooms that are left out, in one line; undefined where there are none. */
  readonly leftOut: string | undefined;
}

/** Whether a mode runs a room: the rest has what has lengths once more, at the full one. */
export function isIn(mode: RoomMode, { isEveryday, hasLengths = false }: Room): boolean {
  if (mode === 'all') return true;
  return mode === 'everyday' ? isEveryday : !isEveryday || hasLengths;
}

/**
 * Chooses the rooms of a mode whose programs are there.
 *
 * @param findMissing Tells which programs are not there. @default one that installs them where that is allowed
 */
export function selectRooms(mode: RoomMode, findMissing = missingPrograms): RoomSelection {
  const wanted = rooms.filter((room) => isIn(mode, room));
  const missing = findMissing(wanted.flatMap(({ needs = [] }) => needs));
  const isPossible = ({ needs = [] }: Room) => !needs.some((name) => missing.includes(name));
  return {
    rooms: wanted.filter(isPossible),
    leftOut:
      missing.length === 0
        ? undefined
        : describeLeftOut(
            wanted.filter((room) => !isPossible(room)),
            missing,
          ),
  };
}

function describeLeftOut(left: readonly Room[], missing: readonly ProgramName[]): string {
  const names = left.map(({ name }) => name).join(', ');
  return `Left out, for want of ${missing.join(' and ')}: ${names}. To have them: ${howToInstall(missing)}`;
}

/** The patterns of a room's test files, and of those among them that belong to rooms further down the list. */
export function patternsOf(room: Room): { readonly include: string[]; readonly exclude: string[] } {
  const later = rooms.slice(rooms.indexOf(room) + 1);
  return { include: room.files.map(toTestFiles), exclude: later.flatMap(({ files }) => files.map(toTestFiles)) };
}

function toTestFiles(pattern: string): string {
  return pattern.endsWith('/**') ? `${pattern}/*.test.ts` : pattern;
}
