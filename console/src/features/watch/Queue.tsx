import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useLayoutEffect, useRef, useState, type MouseEvent } from 'react';
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
  /** None where nothing can be decided. */
  marked: ReadonlySet<string> | undefined;
  onMark: (alertId: string, reaches: boolean) => void;
  onOpen: (alertId: string) => void;
  onNearEnd: () => void;
};

/** For the hand; the keyboard has `x`, and a screen reader the state of the row. */
function Tick({ isOn, onPress }: { isOn: boolean; onPress: (event: MouseEvent) => void }) {
  return (
    <span className={isOn ? 'tick on' : 'tick'} aria-hidden="true" onClick={onPress}>
      <svg viewBox="0 0 16 16">
        <rect x="1" y="1" width="14" height="14" rx="3" />
        {isOn && <path d="m4 8.2 2.8 2.8L12 5.6" />}
      </svg>
    </span>
  );
}

/** Only the rows on screen are in the document, however long the queue is. */
export function Queue({ rows, chosen, looked, marked, onMark, onOpen, onNearEnd }: Given) {
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

  const press = (id: string) => (event: MouseEvent) => {
    if (marked && (event.shiftKey || event.ctrlKey || event.metaKey)) onMark(id, event.shiftKey);
    else onOpen(id);
  };
  return (
    <div className={marked ? 'queue-list ticks' : 'queue-list'} ref={box}>
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
              aria-checked={marked?.has(alert.alert_id)}
              aria-posinset={index + 1}
              aria-setsize={rows.length}
              style={{ transform: `translateY(${start}px)` }}
              onClick={press(alert.alert_id)}
            >
              {marked && (
                <Tick
                  isOn={marked.has(alert.alert_id)}
                  onPress={(event) => {
                    event.stopPropagation();
                    onMark(alert.alert_id, event.shiftKey);
                  }}
                />
              )}
              <Line alert={alert} mark={change && t(`change.${change}`)} />
            </div>
          );
        })}
      </div>
    </div>
  );
}
