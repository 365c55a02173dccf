import { useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useRef } from 'react';
import { tell } from '../../components/Toast';
import { useProblemText } from '../../components/States';
import {
  acknowledge,
  alertQuery,
  answerHold,
  decide,
  requestHold,
  undo,
  type Alert,
  type AlertFilter,
  type AlertSummary,
} from '../../lib/api/alerts';
import { request, type Schemas } from '../../lib/api/client';
import { useSession } from '../../lib/api/session';
import { useText } from '../../lib/i18n/useText';
import { applyChange } from '../../lib/live';
import { isListed } from '../../lib/queue';

type NewDecision = Schemas['NewDecision'];

/** Decisions on alerts: sent, shown at once where the alert is listed, told with a way back. */
export function useDecisions(filter: AlertFilter, onDecided: (alertId: string, leaves: boolean) => void) {
  const client = useQueryClient();
  const t = useText();
  const me = useSession().user.id;
  const problemText = useProblemText();
  const last = useRef<string | undefined>(undefined);

  const put = (alert: Alert) => {
    client.setQueryData(alertQuery(alert.summary.alert_id).queryKey, alert);
    applyChange(client, { kind: 'decision', sequence: 0, alert: alert.summary });
    void client.invalidateQueries({ queryKey: ['alerts', 'counts'] });
    void client.invalidateQueries({ queryKey: ['cases'] });
    void client.invalidateQueries({ queryKey: ['kpis'] });
  };
  const fail = (error: unknown) => tell({ problem: true, ...problemText(error) });
  const undoDecision = async (decisionId: string) => {
    try {
      put(await undo(decisionId));
      last.current = undefined;
      tell({ text: t('decision.undone') });
    } catch (error) {
      fail(error);
    }
  };
  const done = (alert: Alert, action: NewDecision['action']) => {
    const decision = alert.decisions.at(-1);
    last.current = decision?.decision_id;
    // Before the row goes: its neighbour is found by its place.
    onDecided(alert.summary.alert_id, !isListed(alert.summary, filter, me));
    put(alert);
    tell({
      text: t(`decided.${action}`),
      ...(decision
        ? { action: { label: t('decision.undo'), run: () => void undoDecision(decision.decision_id) } }
        : {}),
    });
  };
  const decideNow = async (alertId: string, body: NewDecision) => done(await decide(alertId, body), body.action);

  const acknowledgeNow = async (alertId: string) => {
    put(await acknowledge(alertId));
    tell({ text: t('told.acknowledged') });
  };

  return {
    decideNow,
    acknowledge: (alertId: string) => void acknowledgeNow(alertId).catch(fail),
    requestHold: async (alertId: string, body: Schemas['NewHold']) => {
      put(await requestHold(alertId, body));
      tell({ text: t('hold.requested') });
    },
    answerHold: async (holdId: string, body: Schemas['HoldAnswer']) => put(await answerHold(holdId, body)),
    decide: (alertId: string, body: NewDecision) => void decideNow(alertId, body).catch(fail),
    openCase: async (alertId: string, title: string) => {
      await request('post', '/api/cases', { body: { title, alert_ids: [alertId] } });
      const alert = await request('get', '/api/alerts/{alertId}', { path: { alertId } });
      done(alert, 'add_to_case');
    },
    /** The last decision made here, else the last on the open alert that may be taken back. */
    undoLast: (alertId: string | undefined) => {
      const shown = alertId ? client.getQueryData(alertQuery(alertId).queryKey) : undefined;
      const id = last.current ?? shown?.decisions.filter((decision) => decision.can_undo).at(-1)?.decision_id;
      if (id) void undoDecision(id);
      else tell({ text: t('decision.nothing_to_undo') });
    },
    /** An alert that is open but not in the list any more. */
    known: (alertId: string): AlertSummary | undefined =>
      client.getQueryData(alertQuery(alertId).queryKey)?.summary ??
      client
        .getQueriesData<InfiniteData<Schemas['AlertPage']>>({ queryKey: ['alerts', 'queue'] })
        .flatMap(([, data]) => data?.pages.flatMap((page) => page.items) ?? [])
        .find((alert) => alert.alert_id === alertId),
  };
}
