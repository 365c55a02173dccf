import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { request, type Schemas } from './client';

export type AlertSummary = Schemas['AlertSummary'];
export type Alert = Schemas['Alert'];
export type Hold = Schemas['Hold'];
export type Level = Schemas['Level'];
export type TriageState = Schemas['TriageState'];

export type AlertFilter = {
  state: TriageState[];
  level: Level[];
  status: Schemas['AlertStatus'][];
  owner: string;
  rule_id: string;
  q: string;
  /** What a key figure counts (getKpis): empty is any. */
  facility: string;
  outcome: string;
  raised_from: string;
  raised_until: string;
};

/** The server's largest page: a queue of 100,000 is 200 requests, made as one scrolls. */
const kPage = 500;

export const queueQuery = (filter: AlertFilter) =>
  infiniteQueryOptions({
    queryKey: ['alerts', 'queue', filter],
    queryFn: async ({ pageParam, signal, client }) => {
      const page = await request('get', '/api/alerts', {
        query: { ...filter, sort: 'urgent', limit: kPage, cursor: pageParam ?? undefined },
        signal,
      });
      // Each question with words in it is recorded as a look-up: the counts that came along are not asked for again.
      if (pageParam === null) client.setQueryData(countsQuery(filter).queryKey, page);
      return page;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 60_000,
  });

export const countsQuery = (filter: AlertFilter) =>
  queryOptions({
    queryKey: ['alerts', 'counts', filter],
    queryFn: ({ signal }) => request('get', '/api/alerts', { query: { ...filter, limit: 1 }, signal }),
    select: (page) => page.counts,
    staleTime: Infinity,
  });

export const alertQuery = (alertId: string) =>
  queryOptions({
    queryKey: ['alert', alertId],
    queryFn: ({ signal }) => request('get', '/api/alerts/{alertId}', { path: { alertId }, signal }),
    // Each look is recorded with the server: what changes comes by the event stream instead of asking again.
    staleTime: Infinity,
  });

export const decide = (alertId: string, body: Schemas['NewDecision']) =>
  request('post', '/api/alerts/{alertId}/decisions', { path: { alertId }, body });

/** All or none. */
export const decideAll = (alert_ids: string[], decision: Schemas['NewDecision']) =>
  request('post', '/api/alerts/decisions', { body: { alert_ids, decision } });

export const undoAll = (alert_ids: string[]) =>
  request('post', '/api/alerts/decisions/undo', { body: { alert_ids } });

export const undo = (decisionId: string) =>
  request('post', '/api/decisions/{decisionId}/undo', { path: { decisionId } });

export const acknowledge = (alertId: string) =>
  request('post', '/api/alerts/{alertId}/acknowledgement', { path: { alertId } });

/** Where a hold of this alert's boxes can be sent: asked for when the dialog opens, since the site may change it. */
export const holdReceiversQuery = (alertId: string) =>
  queryOptions({
    queryKey: ['hold-receivers', alertId],
    queryFn: ({ signal }) => request('get', '/api/alerts/{alertId}/hold-receivers', { path: { alertId }, signal }),
    gcTime: 0,
  });

export const requestHold = (alertId: string, body: Schemas['NewHold']) =>
  request('post', '/api/alerts/{alertId}/holds', { path: { alertId }, body });

export const answerHold = (holdId: string, body: Schemas['HoldAnswer']) =>
  request('post', '/api/holds/{holdId}/answer', { path: { holdId }, body });
