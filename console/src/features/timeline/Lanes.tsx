import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { LevelShape } from '../../components/Level';
import { useZone } from '../../components/Time';
import { useSource } from '../../components/useSource';
import type { Schemas } from '../../lib/api/client';
import { wordOf } from '../../lib/i18n/text';
import { useRuleText } from '../../lib/i18n/useShipped';
import { useLanguage, useText } from '../../lib/i18n/useText';
import { localTime } from '../../lib/time';
import { EventTip } from './EventTip';
import { Mark } from './Mark';
import { clusters, panned, ticks, zoomed, type View } from './scale';

type Timeline = Schemas['Timeline'];
type Event = Schemas['TimelineEvent'];

const kLane = 46;
const kAxis = 40;
const kAlerts = 30;
const kMark = 15;
const kDayName = 110;

type Given = {
  timeline: Timeline;
  view: View;
  whole: View;
  chosen: string | undefined;
  alertId: string | undefined;
  onView: (change: (view: View) => View) => void;
  onChoose: (event: Event) => void;
};

function useWidth() {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    return () => observer.disconnect();
  }, []);
  return { box, width };
}

/** Wheel comes closer at the pointer (sideways, or with Shift, it pans); dragging pans. */
function useHand(box: React.RefObject<HTMLDivElement | null>, width: number, given: Given) {
  const latest = useRef(given);
  latest.current = given;
  useEffect(() => {
    const element = box.current;
    if (!element || width === 0) return;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { onView, whole } = latest.current;
      const x = event.clientX - element.getBoundingClientRect().left;
      const sideways = event.shiftKey
        ? event.deltaY
        : Math.abs(event.deltaX) > Math.abs(event.deltaY)
          ? event.deltaX
          : 0;
      onView((view) => {
        const span = view.until - view.from;
        if (sideways) return panned(view, (sideways / width) * span, whole);
        return zoomed(view, 1.0015 ** event.deltaY, view.from + (x / width) * span, whole);
      });
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [box, width]);

  const dragged = useRef<number | undefined>(undefined);
  return {
    onPointerDown: (event: React.PointerEvent) => {
      if (event.button === 0) dragged.current = event.clientX;
    },
    onPointerMove: (event: React.PointerEvent) => {
      const from = dragged.current;
      if (from === undefined || event.buttons === 0) return;
      dragged.current = event.clientX;
      given.onView((view) => panned(view, ((from - event.clientX) / width) * (view.until - view.from), given.whole));
    },
    onPointerUp: () => {
      dragged.current = undefined;
    },
  };
}

const kLetter = 6.4;

export function Lanes(given: Given) {
  const { timeline, view, chosen, alertId, onChoose } = given;
  const t = useText();
  const say = useRuleText();
  const zone = useZone();
  const language = useLanguage();
  const { box, width } = useWidth();
  const hand = useHand(box, width, given);
  const { feedName, ownerName } = useSource();
  const [pointed, setPointed] = useState<{ event: Event; x: number; y: number } | undefined>();

  const toX = (at: number) => ((at - view.from) / (view.until - view.from)) * width;
  const height = kAxis + kAlerts + timeline.lanes.length * kLane;
  const doubted = new Set(timeline.contradictions.flatMap((c) => c.event_ids));
  const laneY = (index: number) => kAxis + kAlerts + index * kLane + kLane / 2;
  const marks = ticks(view, width, zone);
  // The day at the left edge is named too, unless the next one stands right there.
  const starts = marks.filter(({ isDay }) => isDay).map(({ at }) => ({ at, x: toX(at) }));
  const named = (starts[0]?.x ?? Infinity) > kDayName ? [{ at: view.from, x: 0 }, ...starts] : starts;
  const days = clusters(
    named.map((day) => ({ x: day.x, item: day })),
    kDayName,
  ).map(({ items }) => items[0]!);
  const isInView = (x: number) => x > -40 && x < width + 40;

  return (
    <div className="lanes">
      <div className="lane-names" aria-hidden="true" style={{ paddingTop: kAxis }}>
        <div style={{ height: kAlerts }} className="quiet">
          {t('timeline.alerts')}
        </div>
        {timeline.lanes.map((lane) => (
          <div key={lane.feed} style={{ height: kLane }}>
            <b className="clip">{feedName(lane.feed).replace(/_/g, ' ')}</b>
            <span className="quiet clip">{ownerName(lane.owner)}</span>
          </div>
        ))}
      </div>
      <div className="lane-box" ref={box} {...hand}>
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={t('timeline.picture', { count: timeline.events.length })}
        >
          {timeline.lanes.map((lane, index) => (
            <rect
              key={lane.feed}
              className={index % 2 ? 'lane' : 'lane odd'}
              x={0}
              y={kAxis + kAlerts + index * kLane}
              width={width}
              height={kLane}
            />
          ))}
          {marks.map(({ at, isDay }) => (
            <g key={at} className={isDay ? 'tick day' : 'tick'} transform={`translate(${toX(at)} 0)`}>
              <line y1={isDay ? 0 : 22} y2={height} />
              <text y={33} x={4}>
                {localTime(at, zone, language, 'time')}
              </text>
            </g>
          ))}
          {days.map(({ at, x }) => (
            <text key={at} className="day-name" y={15} x={x + 4}>
              {localTime(at, zone, language, 'day')}
            </text>
          ))}
          {timeline.alerts.map((alert) => {
            const x = toX(Date.parse(alert.event_time));
            if (!isInView(x)) return null;
            return (
              <g
                key={alert.alert_id}
                className={`alert-flag level ${alert.level} ${alert.alert_id === alertId ? 'chosen' : ''}`}
                transform={`translate(${x} 0)`}
              >
                <title>{say(alert.title)}</title>
                <line y1={kAxis + kAlerts - 6} y2={height} />
                <g transform={`translate(-7 ${kAxis + 6})`}>
                  <LevelShape level={alert.level} size={15} />
                </g>
              </g>
            );
          })}
          {timeline.lanes.map((lane, index) => {
            const events = timeline.events
              .filter((event) => event.feed === lane.feed)
              .map((event) => ({ x: toX(Date.parse(event.event_time)), item: event }));
            const groups = clusters(events, kMark).filter(({ x }) => isInView(x));
            return groups.map(({ x, items }, place) => {
              const event = items.find(({ event_id }) => event_id === chosen) ?? items[0]!;
              const room = (groups[place + 1]?.x ?? width) - x - 24;
              const words = items.length === 1 ? wordOf(t, 'event_word', event.type) : '';
              return (
                <Mark
                  key={event.event_id}
                  x={x}
                  y={laneY(index)}
                  event={event}
                  count={items.length}
                  words={words.length * kLetter < room ? words : ''}
                  receivedX={items.length === 1 ? toX(Date.parse(event.received_at)) : x}
                  errorX={items.length === 1 ? toX(Date.parse(event.event_time) + event.time_error_s * 1000) - x : 0}
                  isChosen={items.some(({ event_id }) => event_id === chosen)}
                  isDoubted={items.some(({ event_id }) => doubted.has(event_id))}
                  hasAlert={items.some(({ alert_ids }) =>
                    alertId ? alert_ids.includes(alertId) : alert_ids.length > 0,
                  )}
                  onPoint={(on) => setPointed(on ? { event, x, y: laneY(index) } : undefined)}
                  onPress={() => {
                    const first = items[0]!;
                    const last = items.at(-1)!;
                    const [from, until] = [Date.parse(first.event_time), Date.parse(last.event_time)];
                    if (items.length > 1 && until > from)
                      given.onView((now) =>
                        zoomed(now, ((until - from) * 2.5) / (now.until - now.from), (from + until) / 2, given.whole),
                      );
                    onChoose(event);
                  }}
                />
              );
            });
          })}
        </svg>
        {pointed && <EventTip event={pointed.event} x={Math.min(pointed.x, width - 330)} y={pointed.y} />}
      </div>
    </div>
  );
}
