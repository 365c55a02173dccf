import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router-dom';
import { isSubjectKind, timelineLink } from '../../components/links';
import { subjectsInOrder } from '../../components/AlertLine';
import { Empty, Failure, Loading } from '../../components/States';
import { tell } from '../../components/Toast';
import { countsQuery, queueQuery, type AlertSummary } from '../../lib/api/alerts';
import { hasRole, useSession } from '../../lib/api/session';
import { useText } from '../../lib/i18n/useText';
import { useKeys } from '../../lib/keys';
import { byUrgency } from '../../lib/queue';
import { useRested } from '../../lib/rested';
import { AlertDetail } from './AlertDetail';
import { DecisionDialog, type Asked } from './DecisionDialog';
import { Filters } from './Filters';
import { isNarrowed, readFilter, writeFilter } from './filter';
import { changeSince, setLooked, useLooked, withAll, withOpened, withoutAll } from './looked';
import { Marked } from './Marked';
import { Queue } from './Queue';
import { Since } from './Since';
import { HoldDialog, isHoldable } from './HoldDialog';
import { useAsked } from './useAsked';
import { useDecisions } from './useDecisions';
import { useMarked } from './useMarked';
import { useUndo } from './useUndo';
import '../../styles/alert.css';
import './watch.css';

/** The neighbour that takes the place of a row that leaves with others. */
function afterLeaving(rows: readonly AlertSummary[], at: number, leaving: ReadonlySet<string>) {
  const stays = ({ alert_id }: AlertSummary) => !leaving.has(alert_id);
  return rows.slice(at + 1).find(stays) ?? rows.slice(0, at).reverse().find(stays);
}

type DialogsGiven = {
  asked: { what: Asked | 'hold'; alerts: readonly AlertSummary[] };
  decisions: ReturnType<typeof useDecisions>;
  onClose: () => void;
};

/** What is asked before a decision on one alert, or on several, is sent. */
function Dialogs({ asked: { what, alerts }, decisions, onClose }: DialogsGiven) {
  const [first] = alerts;
  if (!first) return null;
  const then = (sent: Promise<void>) => sent.then(onClose);
  if (what === 'hold')
    return (
      <HoldDialog
        alert={first}
        onClose={onClose}
        onSend={(body) => then(decisions.requestHold(first.alert_id, body))}
      />
    );
  const ids = alerts.map(({ alert_id }) => alert_id);
  const isOne = ids.length === 1;
  return (
    <DecisionDialog
      key={what}
      what={what}
      alerts={alerts}
      onClose={onClose}
      onSend={(body) => then(isOne ? decisions.decideNow(first.alert_id, body) : decisions.decideOnAll(ids, body))}
      onNewCase={(title) =>
        then(isOne ? decisions.openCase(first.alert_id, title) : decisions.openCaseOfAll(ids, title))
      }
    />
  );
}

export function WatchPage() {
  const t = useText();
  const navigate = useNavigate();
  const session = useSession();
  const me = session.user.id;
  const decides = hasRole(session, ['officer']);
  const [query, setQuery] = useSearchParams();
  const filter = useMemo(() => readFilter(query), [query]);
  const onlyChanged = query.get('changed') === '1';
  const opened = query.get('alert') ?? undefined;

  const words = useRested(filter.q);
  const listed = useMemo(() => ({ ...filter, q: words }), [filter, words]);
  const queue = useInfiniteQuery(queueQuery(listed));
  const counts = useQuery({ ...countsQuery(listed), enabled: queue.isSuccess });
  const looked = useLooked(me);
  const all = useMemo(() => (queue.data?.pages ?? []).flatMap((page) => page.items).sort(byUrgency), [queue.data]);
  const rows = useMemo(
    () => (onlyChanged ? all.filter((a) => changeSince(a, looked)) : all),
    [all, looked, onlyChanged],
  );

  const [pointed, setPointed] = useState<string | undefined>(opened);
  const { asked, ask, close } = useAsked(all, queue.isSuccess);
  const heading = useRef<HTMLHeadingElement>(null);
  const at = Math.max(
    0,
    rows.findIndex((row) => row.alert_id === (opened ?? pointed)),
  );
  const chosen = rows[at];

  const setOpened = (id: string | undefined, replace = false) => {
    setPointed(id ?? opened);
    setQuery(
      (before) => {
        const next = new URLSearchParams(before);
        if (id) next.set('alert', id);
        else next.delete('alert');
        return next;
      },
      { replace },
    );
  };
  const moveTo = (row: AlertSummary | undefined) => {
    if (!row) return;
    if (opened) setOpened(row.alert_id, true);
    else setPointed(row.alert_id);
  };
  const { marked, ...lot } = useMarked(rows);
  const markedIds = marked.map(({ alert_id }) => alert_id);
  const onDecided = (leaving: ReadonlySet<string>) => {
    lot.clear();
    if (chosen && leaving.has(chosen.alert_id)) moveTo(afterLeaving(rows, at, leaving));
  };
  const onUndone = (alertId: string) => (opened ? setOpened(alertId, true) : setPointed(alertId));
  const last = useUndo();
  const decisions = useDecisions({ filter: listed, last, onDecided, onUndone });

  const target = () => (opened && chosen?.alert_id !== opened ? decisions.known(opened) : chosen);
  const onTarget = (act: (alert: AlertSummary) => void) => () => {
    const alert = target();
    if (alert) act(alert);
  };
  const askOf = (what: Asked) => () =>
    marked.length > 0 ? ask(what, ...marked) : onTarget((alert) => ask(what, alert))();
  const take = () =>
    marked.length > 0
      ? decisions.takeAll(markedIds)
      : onTarget((alert) => decisions.decide(alert.alert_id, { action: 'take' }))();
  const toTimeline = onTarget((alert) => {
    const subject = subjectsInOrder(alert.subjects).find(({ kind }) => isSubjectKind(kind));
    if (subject) navigate(timelineLink(subject.kind, subject.value, alert.alert_id));
  });
  const open = onTarget((alert) => {
    setOpened(alert.alert_id, opened !== undefined);
    requestAnimationFrame(() => heading.current?.focus());
  });
  const markAll = () => {
    if (!all.some((alert) => changeSince(alert, looked))) return tell({ text: t('watch.mark.none') });
    setLooked(me, (before) => withAll(before, all));
    last.done(t('watch.marked'), () => setLooked(me, (now) => withoutAll(looked, now)));
  };

  const step = (by: number, marks: boolean) => {
    const next = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
    if (marks && decides && chosen && next) lot.add([chosen, next]);
    moveTo(next);
  };

  useKeys({
    j: () => moveTo(rows[Math.min(at + (chosen && !opened && !pointed ? 0 : 1), rows.length - 1)]),
    k: () => moveTo(rows[Math.max(at - 1, 0)]),
    ArrowDown: (event) => step(1, event.shiftKey),
    ArrowUp: (event) => step(-1, event.shiftKey),
    Home: () => moveTo(rows[0]),
    End: () => moveTo(rows.at(-1)),
    Enter: open,
    Escape: () => (marked.length > 0 ? lot.clear() : opened && setOpened(undefined)),
    l: toTimeline,
    m: markAll,
    u: () => decisions.undoLast(opened),
  });
  useKeys(
    {
      t: take,
      x: onTarget((alert) => lot.toggle(alert.alert_id)),
      y: onTarget((alert) => decisions.acknowledge(alert.alert_id)),
      h: onTarget((alert) => isHoldable(alert) && ask('hold', alert)),
      d: askOf('dismiss'),
      a: askOf('act'),
      n: askOf('note'),
      r: askOf('reopen'),
      c: askOf('add_to_case'),
      o: askOf('assign'),
    },
    decides,
  );

  const list =
    queue.error && !queue.data ? (
      <Failure error={queue.error} retry={() => void queue.refetch()} />
    ) : queue.isPending ? (
      <Loading />
    ) : rows.length === 0 ? (
      isNarrowed(filter) || onlyChanged ? (
        <Empty title="watch.none_match" next="watch.none_match.next">
          <button className="button" onClick={() => setQuery(opened ? { alert: opened } : {})}>
            {t('filter.clear')}
          </button>
        </Empty>
      ) : (
        <Empty title="watch.empty" next="watch.empty.next" />
      )
    ) : (
      <Queue
        rows={rows}
        chosen={opened || pointed ? chosen?.alert_id : undefined}
        looked={looked}
        marked={decides ? lot.ids : undefined}
        onMark={(id, reaches) => (reaches ? lot.reach(id) : lot.toggle(id))}
        onOpen={(id) => setOpened(id, opened !== undefined)}
        onNearEnd={() => queue.hasNextPage && !queue.isFetching && void queue.fetchNextPage()}
      />
    );

  return (
    <div className={opened ? 'watch open' : 'watch'}>
      <h1 className="hidden">{t('page.watch')}</h1>
      <section className="queue" aria-label={t('watch.queue')}>
        <Filters
          filter={filter}
          counts={counts.data}
          me={session.user}
          onlyChanged={onlyChanged}
          onFilter={(next) => setQuery((before) => writeFilter(before, next), { replace: true })}
          onOnlyChanged={(on) =>
            setQuery(
              (before) => {
                const next = new URLSearchParams(before);
                if (on) next.set('changed', '1');
                else next.delete('changed');
                return next;
              },
              { replace: true },
            )
          }
        />
        {marked.length > 0 ? (
          <Marked
            marked={marked}
            listed={rows.length}
            onTake={take}
            onAsk={(what) => ask(what, ...marked)}
            onAll={() => lot.add(rows)}
            onClear={lot.clear}
          />
        ) : (
          <Since alerts={all} looked={looked} onMark={markAll} />
        )}
        {list}
        <footer className="queue-foot">
          <span>{t('watch.shown', { count: rows.length, all: counts.data?.all ?? rows.length })}</span>
          {queue.isFetchingNextPage && <span>{t('state.loading')}</span>}
          <span className="keys-line" aria-hidden="true">
            {(['j', 'k'] as const).map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}{' '}
            {t('keys.move')}
            <span>
              <kbd>Enter</kbd> {t('keys.open')}
            </span>
            <span>
              <kbd>?</kbd> {t('keys.help')}
            </span>
          </span>
        </footer>
      </section>
      {opened && (
        <AlertDetail
          alertId={opened}
          heading={heading}
          decides={decides}
          onAsk={ask}
          onTake={(alert) => decisions.decide(alert.alert_id, { action: 'take' })}
          onAcknowledge={(alert) => decisions.acknowledge(alert.alert_id)}
          onHold={(alert) => ask('hold', alert)}
          onAnswer={(holdId, answer, reason) => decisions.answerHold(holdId, { answer, reason })}
          onUndo={(alert) => decisions.undoOn(alert.alert_id)}
          onClose={() => setOpened(undefined)}
          onShown={(alert) => setLooked(me, (before) => withOpened(before, alert.alert_id, alert.revision))}
        />
      )}
      {asked && <Dialogs asked={asked} decisions={decisions} onClose={close} />}
    </div>
  );
}
