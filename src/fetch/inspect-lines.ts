import type { BodyInspector, Inspection } from './body-inspector.ts';
import { judgeEvents } from './judge-events.ts';

/** Longer lines are let through unread. In characters. */
const longestLine = 4_000_000;

/** Looks at a stream of JSON values, one a line. One without any has found nothing, which is an answer. */
export function inspectLines({ call, headers }: Inspection): BodyInspector {
  const judge = judgeEvents({ call, headers, isComplete: undefined });
  const decoder = new TextDecoder();
  let line = '';
  let count = 0;
  const read = (text: string) => {
    const [last = '', ...others] = `${line}${text}`.split('\n').reverse();
    line = last.length > longestLine ? '' : last;
    for (const data of others.reverse().map(withoutFrame).filter(Boolean)) {
      count++;
      judge.take({ event: 'message', data });
    }
  };
  return {
    take(chunk) {
      const text = decoder.decode(chunk, { stream: true });
      read(text);
      return withoutFrame(text) !== '';
    },
    get isWhole() {
      return judge.isWhole;
    },
    end() {
      read(`${decoder.decode()}\n`);
      if (count === 0) call.succeed();
      else judge.end();
    },
  };
}

/** What begins a record of `application/json-seq`. */
const recordSeparator = '\x1e';

function withoutFrame(text: string): string {
  return text.replaceAll(recordSeparator, '').trim();
}
