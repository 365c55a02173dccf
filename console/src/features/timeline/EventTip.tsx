import { Clocks } from '../../components/Clocks';
import { Meaning } from '../../components/ServerWords';
import type { Schemas } from '../../lib/api/client';

/** What the pointer is on: the three clocks at a glance; the pane has the rest. */
export function EventTip({ event, x, y }: { event: Schemas['TimelineEvent']; x: number; y: number }) {
  return (
    <div className="tip" style={{ left: Math.max(x, 0), top: y + 22 }}>
      <b className="fixed">{event.type}</b>
      <p>
        <Meaning of={event.sentence} />
      </p>
      <Clocks {...event} />
    </div>
  );
}
