import { useNow } from '../lib/now';
import { duration, millis } from '../lib/time';

/** How long something has been going on, or how long it took; nothing under a second. */
export function Elapsed({ from, until }: { from: string; until: string | null }) {
  const now = useNow();
  const took = (until ? millis(until) : now) - millis(from);
  return took < 1000 ? null : <span className="nowrap quiet">{duration(took)}</span>;
}
