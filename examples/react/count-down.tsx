import { systemClock } from 'agent-circuit-breaker';
import { useEffect, useState } from 'react';

/** Counts the seconds down to an instant (epoch ms, by the clock of breakers). */
export function CountDown({ until }: { readonly until: number }) {
  const [now, setNow] = useState(systemClock.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(systemClock.now()), 200);
    return () => clearInterval(timer);
  }, []);
  return <span>trial in {Math.max(0, Math.ceil((until - now) / 1_000))} s</span>;
}
