import { useNow } from '../lib/now';
import { duration, millis } from '../lib/time';

/** How long something has been going on, or how long it took. */
export function Elapsed({ from, until }: { from: string; until: string | null }) {
  const now = useNow();
  return <span className="nowrap quiet">{duration(Math.max(0, (until ? millis(until) : now) - millis(from)))}</span>;
}
