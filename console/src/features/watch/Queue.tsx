import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { AlertLine } from '../../components/AlertLine';
import type { AlertSummary } from '../../lib/api/alerts';
import { useText } from '../../lib/i18n/useText';
import { changeSince, type Looked } from './looked';

/** Heights of a row (styles/alert.css). */
const kRow = 55;
const kRowNarrow = 79;
const kNarrow = 420;
/** So many rows before the end the next page is asked for. */
const kAhead = 60;

/** A row that only moved is not drawn again. */
const Line = memo(AlertLine);

type Given = {
  rows: readonly AlertSummary[];
  chosen: string | undefined;
  looked: Looked;
  onOpen: (alertId: string) => void;
  onNearEnd: () => void;
};

/** Only the rows on screen are in the document, however long the queue is. */
export function Queue({ rows, chosen, looked, onOpen, onNearEnd }: Given) {
  const t = useText();
  const box = useRef<HTMLDivElement>(null);
  const [narrow, setNarrow] = useState(false);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => (narrow ? kRowNarrow : kRow),
    getItemKey: (index) => rows[index]?.alert_id ?? index,
    overscan: 12,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const chosenAt = chosen ? rows.findIndex((row) => row.alert_id === chosen) : -1;

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setNarrow(element.clientWidth <= kNarrow));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => virtual.measure(), [narrow, virtual]);
  useEffect(() => {
    if (chosenAt >= 0) virtual.scrollToIndex(chosenAt);
  }, [chosenAt, virtual]);
  useEffect(() => {
    if (last >= rows.length - kAhead) onNearEnd();
    // onNearEnd changes with each render and decides itself whether there is more.
  }, [last, rows.length]);

  return (
    <div className="queue-list" ref={box}>
      <div
        role="listbox"
        aria-label={t('watch.queue')}
        tabIndex={0}
        aria-activedescendant={chosenAt >= 0 ? `alert-${chosen}` : undefined}
        style={{ height: virtual.getTotalSize(), position: 'relative' }}
      >
        {shown.map(({ index, start }) => {
          const alert = rows[index];
          if (!alert) return null;
          const change = changeSince(alert, looked);
          return (
            <div
              key={alert.alert_id}
              id={`alert-${alert.alert_id}`}
              role="option"
              aria-selected={alert.alert_id === chosen}
              aria-posinset={index + 1}
              aria-setsize={rows.length}
              style={{ transform: `translateY(${start}px)` }}
              onClick={() => onOpen(alert.alert_id)}
            >
              <Line alert={alert} mark={change && t(`change.${change}`)} />
            </div>
          );
        })}
      </div>
    </div>
  );
}
