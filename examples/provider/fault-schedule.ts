import { checkStep } from './check-step.ts';
import type { Fault, Script, ScriptStep } from './fault.ts';

/** Decides what each request gets: first the queue, then the standing fault. */
export interface FaultSchedule {
  /** Adds steps behind the queued ones. */
  add(steps: Script): void;
  /** Sets what comes while the queue is empty; `undefined` means good answers. */
  setStanding(fault: Fault | undefined): void;
  /** Takes what the next request gets. */
  next(): ScriptStep;
}

/** Makes a schedule from a first script and a standing fault. */
export function createFaultSchedule(script: Script, fault: Fault | undefined): FaultSchedule {
  const queue: ScriptStep[] = [];
  let standing: ScriptStep = 'ok';

  const schedule: FaultSchedule = {
    add(steps) {
      steps.forEach(checkStep);
      queue.push(...steps);
    },
    setStanding(next) {
      const step = next ?? 'ok';
      checkStep(step);
      standing = step;
    },
    next: () => queue.shift() ?? standing,
  };
  schedule.add(script);
  schedule.setStanding(fault);
  return schedule;
}
