import type { BodyInspector, Inspection } from './body-inspector.ts';
import { judgeEvents } from './judge-events.ts';
import { EventReader } from './read-events.ts';

/** Looks at a stream of server-sent events. */
export function inspectEvents(inspection: Inspection): BodyInspector {
  const judge = judgeEvents(inspection);
  const reader = new EventReader((event) => judge.take(event));
  return {
    take: (chunk) => reader.take(chunk),
    get isWhole() {
      return judge.isWhole;
    },
    end() {
      reader.end();
      judge.end();
    },
  };
}
