import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { Link, useParams, useSearchParams } from 'react-router-dom';
import { isSubjectKind } from '../../components/links';
import { Answer, Empty } from '../../components/States';
import { Time } from '../../components/Time';
import { GroundContext, Unmask } from '../../components/Unmask';
import { kTimelineEvents, timelineQuery } from '../../lib/api/lists';
import type { Schemas } from '../../lib/api/client';
import { kLookupFeed } from '../../lib/feeds';
import { useText } from '../../lib/i18n/useText';
import { useKeys } from '../../lib/keys';
import { useRested } from '../../lib/rested';
import { isPseudonym } from '../../lib/unmask';
import { EventDetail } from './EventDetail';
import { Lanes } from './Lanes';
import { fit, panned, showing, zoomed, type View } from './scale';
import { TimelineTable } from './TimelineTable';
import '../../styles/alert.css';
import './timeline.css';

type Timeline = Schemas['Timeline'];

const kZoom = 0.6;
const kPan = 0.2;

/** Everything that is drawn must be inside the whole, also when a record came long after it happened. */
const wholeOf = ({ events, alerts }: Timeline): View =>
  fit([
    ...events.flatMap((event) => [Date.parse(event.event_time), Date.parse(event.received_at)]),
    ...alerts.map((a) => Date.parse(a.event_time)),
  ]);

/** What is shown first: what happened to the subject. Look-ups may be months later than what they looked for. */
function firstView(timeline: Timeline): View {
  const events = timeline.events.filter(({ feed }) => feed !== kLookupFeed);
  return events.length === 0 ? wholeOf(timeline) : wholeOf({ ...timeline, events });
}

function viewIn(query: URLSearchParams, whole: View): View {
  const [from, until] = [Date.parse(query.get('from') ?? ''), Date.parse(query.get('until') ?? '')];
  return from < until ? { from, until } : whole;
}

function Shown({ timeline }: { timeline: Timeline }) {
  const t = useText();
  const [query, setQuery] = useSearchParams();
  const whole = useMemo(() => wholeOf(timeline), [timeline]);
  const first = useMemo(() => firstView(timeline), [timeline]);
  const [view, setView] = useState(() => viewIn(query, first));
  const alertId = query.get('alert') ?? undefined;
  const { events, subject } = timeline;
  const chosenId =
    query.get('event') ?? events.filter((event) => alertId && event.alert_ids.includes(alertId)).at(-1)?.event_id;
  const chosenAt = events.findIndex((event) => event.event_id === chosenId);
  const chosen = events[chosenAt];

  const put = (change: Record<string, string | undefined>) =>
    setQuery(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(change)) {
          if (value === undefined) next.delete(name);
          else next.set(name, value);
        }
        return next;
      },
      { replace: true },
    );
  const choose = (event: Schemas['TimelineEvent'] | undefined) => {
    if (!event) return;
    put({ event: event.event_id });
    setView((now) => showing(now, Date.parse(event.event_time), whole));
  };
  const zoom = (factor: number) =>
    setView((now) =>
      zoomed(
        now,
        factor,
        chosen && within(now, chosen) ? Date.parse(chosen.event_time) : (now.from + now.until) / 2,
        whole,
      ),
    );
  const pan = (share: number) => setView((now) => panned(now, (now.until - now.from) * share, whole));

  const rested = useRested(view);
  useEffect(() => {
    const all = rested.from === first.from && rested.until === first.until;
    put({
      from: all ? undefined : new Date(rested.from).toISOString(),
      until: all ? undefined : new Date(rested.until).toISOString(),
    });
    // Only a view that came to rest goes into the address.
  }, [rested]);

  useKeys({
    '+': () => zoom(kZoom),
    '=': () => zoom(kZoom),
    '-': () => zoom(1 / kZoom),
    ArrowLeft: () => pan(-kPan),
    ArrowRight: () => pan(kPan),
    '0': () => setView(whole),
    j: () => choose(events[Math.min(chosenAt + 1, events.length - 1)]),
    k: () => choose(events[Math.max(chosenAt - 1, 0)]),
    Escape: () => put({ event: undefined, alert: undefined }),
  });

  return (
    <div className="timeline">
      <header className="timeline-head">
        <div>
          <h1>
            {subject.label} {isPseudonym(subject.key) && <Unmask pseudonym={subject.key} />}
          </h1>
          <p className="quiet">
            {t(`kind.${subject.kind}`)} · {t('count.events', { count: events.length })} ·{' '}
            {t('timeline.systems', { count: timeline.lanes.length })}
            {events[0] && (
              <>
                {' · '}
                <Time at={events[0].event_time} /> – <Time at={events.at(-1)!.event_time} />
              </>
            )}
          </p>
          {timeline.notes.map((note) => (
            <p key={note.request_number} className="notice">
              <b>{t(`timeline.note.${note.state}`, { number: note.request_number })}</b> <Time at={note.since} />
              <br />
              {t('timeline.note.words', { words: note.words, right: note.right })}
            </p>
          ))}
          {timeline.next_cursor !== null && <p className="notice">{t('timeline.cut', { count: kTimelineEvents })}</p>}
        </div>
        <div className="row no-print">
          <button className="button" aria-label={t('timeline.closer')} onClick={() => zoom(kZoom)}>
            +
          </button>
          <button className="button" aria-label={t('timeline.wider')} onClick={() => zoom(1 / kZoom)}>
            −
          </button>
          <button className="button" onClick={() => setView(whole)}>
            {t('timeline.fit')} <kbd aria-hidden="true">0</kbd>
          </button>
        </div>
      </header>
      {events.length === 0 ? (
        <Empty title="timeline.none" next="timeline.none.next" />
      ) : (
        <div className={chosen ? 'timeline-body open' : 'timeline-body'}>
          <div className="timeline-main">
            <Lanes
              timeline={timeline}
              view={view}
              whole={whole}
              chosen={chosenId}
              alertId={alertId}
              onView={setView}
              onChoose={choose}
            />
            <TimelineTable timeline={timeline} chosen={chosenId} onChoose={choose} />
          </div>
          {chosen && <EventDetail event={chosen} timeline={timeline} />}
        </div>
      )}
    </div>
  );
}

/** The alert that one came from, else all about the subject. */
function Grounded({ timeline, alertId, children }: { timeline: Timeline; alertId: string | null; children: ReactNode }) {
  const grounds = useMemo(() => {
    const own = timeline.alerts.filter(({ alert_id }) => alert_id === alertId);
    return (own.length > 0 ? own : timeline.alerts).map(({ alert_id, title }) => ({ alert_id, title }));
  }, [timeline, alertId]);
  return <GroundContext.Provider value={grounds}>{children}</GroundContext.Provider>;
}

const within = (view: View, event: Schemas['TimelineEvent']) =>
  Date.parse(event.event_time) >= view.from && Date.parse(event.event_time) <= view.until;

export default function TimelinePage() {
  const t = useText();
  const { kind = '', key = '' } = useParams();
  const [query] = useSearchParams();
  const known = isSubjectKind(kind) && key !== '';
  const answer = useQuery({
    ...timelineQuery(isSubjectKind(kind) ? kind : 'container', key, query.get('alert') ?? undefined),
    enabled: known,
  });
  if (!known) {
    return (
      <>
        <h1 className="hidden">{t('page.timeline')}</h1>
        <Empty title="timeline.choose" next="timeline.choose.next">
          <Link className="button primary" to="/search">
            {t('page.search')}
          </Link>
        </Empty>
      </>
    );
  }
  return (
    <Answer key={`${kind}:${key}`} of={answer}>
      {(timeline) => (
        <Grounded timeline={timeline} alertId={query.get('alert')}>
          <Shown timeline={timeline} />
        </Grounded>
      )}
    </Answer>
  );
}
