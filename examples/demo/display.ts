import type { WriteStream } from 'node:tty';
import type { Observer } from './recording.ts';
import type { DemoReport } from './report.ts';

/** Shows the demo while it runs, and what came of it. */
export interface Display extends Observer {
  /** Shows the end: the report of everything that was recorded. */
  finish(report: DemoReport): void;
}

/** Where a display draws; `process.stdout` is one. */
export type Output = Pick<NodeJS.WriteStream, 'write'> &
  Partial<Pick<WriteStream, 'isTTY' | 'columns' | 'rows' | 'on'>>;
