import { Time } from '../../components/Time';
import { useNow } from '../../lib/now';
import { duration, millis } from '../../lib/time';

/** A moment to come with what is left until then; once it is over, the moment alone. */
export function Countdown({ at }: { at: string }) {
  const left = millis(at) - useNow();
  return (
    <span className="nowrap">
      <Time at={at} shape="second" />
      {left > 0 && <span className="quiet"> · −{duration(left)}</span>}
    </span>
  );
}

/** How long something has been going on, or how long it took. */
export function Elapsed({ from, until }: { from: string; until: string | null }) {
  const now = useNow();
  return (
    <span className="nowrap quiet">{duration(Math.max(0, (until ? millis(until) : now) - millis(from)))}</span>
  );
}
