import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { rooms } from './rooms.ts';

/** Begins with the rooms that wait a lot, and ends with the many short files of the core: no core is idle meanwhile. */
export class RoomSequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const place = new Map(rooms.map(({ name }, index) => [name, -index]));
    const placeOf = ({ project }: TestSpecification) => place.get(project.name) ?? 0;
    return sorted.sort((one, other) => placeOf(one) - placeOf(other));
  }
}
