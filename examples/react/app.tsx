import { CircuitBreakerOpenError, createBreaker } from 'agent-circuit-breaker';
import { useState } from 'react';
import { askModel, setOutage } from '../pages/model.ts';
import { BreakerBadge } from './breaker-badge.tsx';

// One breaker for the application, not for each component that shows it.
const breaker = createBreaker({ name: 'model', failureThreshold: 3, recoveryTimeout: 5_000 });

/** Asks a model that can be made to fail, and shows what its breaker makes of that. */
export function App() {
  const [lines, setLines] = useState<readonly string[]>([]);
  const ask = async () => {
    const line = await breaker.call(askModel, 'What is a circuit breaker?').catch(explain);
    setLines((before) => [...before, line]);
  };
  return (
    <main>
      <h1>
        The model is <BreakerBadge actor={breaker.actor} />
      </h1>
      <div className="controls">
        <button type="button" onClick={ask}>
          Ask
        </button>
        <label>
          <input type="checkbox" onChange={(event) => setOutage(event.target.checked)} /> The provider has an outage
        </label>
      </div>
      <ol aria-live="polite">
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are only added, at the end
          <li key={index}>{line}</li>
        ))}
      </ol>
    </main>
  );
}

function explain(error: unknown): string {
  if (CircuitBreakerOpenError.isInstance(error)) return `Not asked: the circuit is ${error.reason}.`;
  return error instanceof Error ? `Failed: ${error.message}` : 'Failed.';
}
