import { useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { tell } from '../../components/Toast';
import { useProblemText } from '../../components/States';
import {
  acknowledge,
  alertQuery,
  answerHold,
  decide,
  decideAll,
  requestHold,
  undo,
  undoAll,
  type Alert,
  type AlertFilter,
  type Hold,
  type AlertSummary,
} from '../../lib/api/alerts';
import { problemOf, request, type Schemas } from '../../lib/api/client';
import { useSession } from '../../lib/api/session';
import type { Translate } from '../../lib/i18n/text';
import { useText } from '../../lib/i18n/useText';
import { applyChange } from '../../lib/live';
import { isListed } from '../../lib/queue';
import { caseLink } from '../../components/links';
import type { useUndo } from './useUndo';

type NewDecision = Schemas['NewDecision'];
type Made = Alert['decisions'][number] | undefined;

/** Somebody of the own organisation was asked about it, and nobody has acknowledged. */
export const awaitsAnswer = ({ asked, acknowledged }: Alert['telling']) => asked.length > 0 && !acknowledged;

const newestOf = (holds: readonly Hold[]) =>
  [...holds].sort((a, b) => Date.parse(a.requested_at) - Date.parse(b.requested_at)).at(-1);

/** Who has the request now, or that it waits for somebody to carry it. */
const askedText = (t: Translate, hold: Hold | undefined) =>
  hold?.receiver
    ? t('hold.asked.receiver', { receiver: hold.receiver })
    : t('hold.asked.nobody', { file: hold?.hold_id ?? '' });

/** The decision that put the alert into this case; the last one may be another. */
export const intoCase = ({ decisions }: Pick<Alert, 'decisions'>, caseId: string) =>
  decisions.filter(({ action, case_id, undone }) => action === 'add_to_case' && case_id === caseId && !undone).at(-1);

/** Decisions on alerts: sent, shown at once where the alert is listed, told with a way back. */
export function useDecisions(given: {
  filter: AlertFilter;
  last: ReturnType<typeof useUndo>;
  /** Those of them that leave the list. */
  onDecided: (leaving: ReadonlySet<string>) => void;
  onUndone: (alertId: string) => void;
}) {
  const { filter, last, onDecided, onUndone } = given;
  const client = useQueryClient();
  const t = useText();
  const me = useSession().user.id;
  const problemText = useProblemText();

  const list = (alerts: readonly AlertSummary[]) => {
    for (const alert of alerts) applyChange(client, { kind: 'decision', alert });
    void client.invalidateQueries({ queryKey: ['alerts', 'counts'] });
    void client.invalidateQueries({ queryKey: ['cases'] });
    void client.invalidateQueries({ queryKey: ['kpis'] });
  };
  const put = (alert: Alert) => {
    client.setQueryData(alertQuery(alert.summary.alert_id).queryKey, alert);
    list([alert.summary]);
  };
  const putAll = (alerts: readonly AlertSummary[]) => {
    for (const { alert_id } of alerts) void client.invalidateQueries({ queryKey: alertQuery(alert_id).queryKey });
    list(alerts);
  };
  const leaving = (alerts: readonly AlertSummary[]) =>
    new Set(alerts.filter((alert) => !isListed(alert, filter, me)).map(({ alert_id }) => alert_id));
  const linkTo = (caseId: string | undefined) =>
    caseId ? { label: t('case.to_it'), to: caseLink(caseId) } : undefined;
  const fail = (error: unknown) => tell({ problem: true, ...problemText(error) });
  const undoDecision = async (decisionId: string) => {
    try {
      const alert = await undo(decisionId);
      put(alert);
      onUndone(alert.summary.alert_id);
      tell({ text: t('decision.undone') });
    } catch (error) {
      fail(error);
    }
  };
  const undoOf = (decision: Made) => decision && (() => void undoDecision(decision.decision_id));
  const undoOn = (alertId: string | undefined) => {
    const shown = alertId ? client.getQueryData(alertQuery(alertId).queryKey) : undefined;
    return undoOf(shown?.decisions.filter(({ can_undo }) => can_undo).at(-1));
  };
  const done = (alert: Alert, { action, case_id }: NewDecision, decision: Made) => {
    // Before the row goes: its neighbour is found by its place.
    onDecided(leaving([alert.summary]));
    put(alert);
    last.done(t(`decided.${action}`), undoOf(decision), linkTo(case_id));
  };
  const decideNow = async (alertId: string, body: NewDecision) => {
    const alert = await decide(alertId, body);
    done(alert, body, alert.decisions.at(-1));
  };

  const undoLot = async (ids: string[]) => {
    try {
      putAll((await undoAll(ids)).items);
      if (ids[0]) onUndone(ids[0]);
      tell({ text: t('lot.undone', { count: ids.length }) });
    } catch (error) {
      fail(error);
    }
  };
  const doneAll = (alerts: readonly AlertSummary[], { action, case_id }: NewDecision) => {
    onDecided(leaving(alerts));
    putAll(alerts);
    const ids = alerts.map(({ alert_id }) => alert_id);
    const what = t(`decided.${action}`);
    last.done(t('lot.decided', { count: ids.length, what }), () => void undoLot(ids), linkTo(case_id));
  };
  const decideOnAll = async (ids: string[], body: NewDecision) => doneAll((await decideAll(ids, body)).items, body);

  const acknowledgeNow = async (alertId: string) => {
    const shown = client.getQueryData(alertQuery(alertId).queryKey);
    if (shown && !awaitsAnswer(shown.telling)) return tell({ text: t('told.nothing_asked') });
    try {
      put(await acknowledge(alertId));
      tell({ text: t('told.acknowledged') });
    } catch (error) {
      if (problemOf(error).code === 'conflict') tell({ text: t('told.nothing_asked') });
      else fail(error);
    }
  };

  return {
    decideNow,
    acknowledge: (alertId: string) => void acknowledgeNow(alertId),
    requestHold: async (alertId: string, body: Schemas['NewHold']) => {
      const alert = await requestHold(alertId, body);
      put(alert);
      tell({ text: askedText(t, newestOf(alert.holds)) });
    },
    answerHold: async (holdId: string, body: Schemas['HoldAnswer']) => put(await answerHold(holdId, body)),
    decide: (alertId: string, body: NewDecision) => void decideNow(alertId, body).catch(fail),
    openCase: async (alertId: string, title: string) => {
      const opened = await request('post', '/api/cases', { body: { title, alert_ids: [alertId] } });
      const { case_id } = opened.summary;
      const alert = await request('get', '/api/alerts/{alertId}', { path: { alertId } });
      done(alert, { action: 'add_to_case', case_id }, intoCase(alert, case_id));
    },
    decideOnAll,
    openCaseOfAll: async (ids: string[], title: string) => {
      const opened = await request('post', '/api/cases', { body: { title, alert_ids: ids } });
      doneAll(opened.alerts, { action: 'add_to_case', case_id: opened.summary.case_id });
    },
    takeAll: (ids: string[]) => void decideOnAll(ids, { action: 'take' }).catch(fail),
    /** What was done last here, else the last decision on the open alert. */
    undoLast: (alertId: string | undefined) => last.undoLast(undoOn(alertId)),
    undoOn: (alertId: string) => undoOn(alertId)?.(),
    /** An alert that is open but not in the list any more. */
    known: (alertId: string): AlertSummary | undefined =>
      client.getQueryData(alertQuery(alertId).queryKey)?.summary ??
      client
        .getQueriesData<InfiniteData<Schemas['AlertPage']>>({ queryKey: ['alerts', 'queue'] })
        .flatMap(([, data]) => data?.pages.flatMap((page) => page.items) ?? [])
        .find((alert) => alert.alert_id === alertId),
  };
}
