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
