import { infiniteQueryOptions, keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { request, type Schemas } from './client';

/** What the pages beside the queue read. */
export const feedsQuery = queryOptions({
  queryKey: ['feeds'],
  queryFn: ({ signal }) => request('get', '/api/feeds', { signal }),
  refetchInterval: 60_000,
});

/** Of one file the first rejects; without it the files alone matter. */
export const rejectsQuery = (file?: string) =>
  queryOptions({
    queryKey: ['feeds', 'rejects', file ?? ''],
    queryFn: ({ signal }) =>
      request('get', '/api/feeds/rejects', { query: file === undefined ? { limit: 1 } : { file, limit: 100 }, signal }),
  });

export const rulesQuery = queryOptions({
  queryKey: ['rules'],
  queryFn: ({ signal }) => request('get', '/api/rules', { signal }),
  staleTime: 60_000,
});

/** One of the list, which the event stream says has changed. */
export const useRule = (ruleId: string): Schemas['Rule'] | undefined =>
  useQuery({ ...rulesQuery, staleTime: Infinity }).data?.items.find(({ rule_id }) => rule_id === ruleId);

export const ruleQuery = (ruleId: string) =>
  queryOptions({
    queryKey: ['rules', ruleId],
    queryFn: ({ signal }) => request('get', '/api/rules/{ruleId}', { path: { ruleId }, signal }),
  });

export const ruleSetsQuery = queryOptions({
  queryKey: ['rules', 'sets'],
  queryFn: ({ signal }) => request('get', '/api/rule-sets', { signal }),
});

/** The documents of a set never change. */
export const ruleSetQuery = (version: number) =>
  queryOptions({
    queryKey: ['rules', 'set', version],
    queryFn: ({ signal }) => request('get', '/api/rule-sets/{version}', { path: { version }, signal }),
    staleTime: Infinity,
    retry: false,
  });

export const checkRulesQuery = (files: Schemas['RuleFiles']) =>
  queryOptions({
    queryKey: ['rules', 'check', files],
    queryFn: ({ signal }) => request('post', '/api/rule-sets/checks', { body: { files }, signal }),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  });

/** Looked at until it is over; what was found never changes, and each reading is on record. */
export const backtestQuery = (backtestId: string) =>
  queryOptions({
    queryKey: ['rules', 'backtest', backtestId],
    queryFn: ({ signal }) => request('get', '/api/rule-sets/backtests/{backtestId}', { path: { backtestId }, signal }),
    refetchInterval: ({ state: { data, error } }) =>
      error !== null || (data && ['done', 'failed'].includes(data.state)) ? false : 1000,
    staleTime: Infinity,
    retry: false,
  });

/** Below ['rules']: what the event stream tells of the rules goes for it too. */
export const coverageQuery = queryOptions({
  queryKey: ['rules', 'coverage'],
  queryFn: ({ signal }) => request('get', '/api/coverage', { signal }),
});

export type KpiQuestion = { from?: string; until?: string; facility?: string; small_cells: Schemas['SmallCells'] };
export const kpisQuery = (question: KpiQuestion) =>
  queryOptions({
    queryKey: ['kpis', question],
    queryFn: ({ signal }) => request('get', '/api/kpis', { query: question, signal }),
    refetchInterval: 60_000,
  });

export type LegalName = Exclude<Schemas['LegalDocument']['document'], 'subject'>;
export const legalQuery = (document: LegalName, language: 'en' | 'es') =>
  queryOptions({
    queryKey: ['legal', document, language],
    queryFn: ({ signal }) =>
      request('get', '/api/legal/{document}', { path: { document }, query: { language }, signal }),
  });

export type RequestsShown = Schemas['RequestState'] | 'all';
export const subjectRequestsQuery = (state: RequestsShown) =>
  infiniteQueryOptions({
    queryKey: ['requests', 'list', state],
    queryFn: ({ pageParam, signal }) =>
      request('get', '/api/subject-requests', {
        query: { state: state === 'all' ? undefined : state, limit: 100, cursor: pageParam ?? undefined },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: 60_000,
  });

export const subjectRequestQuery = (requestId: string) =>
  queryOptions({
    queryKey: ['requests', requestId],
    queryFn: ({ signal }) => request('get', '/api/subject-requests/{requestId}', { path: { requestId }, signal }),
    retry: false,
  });

export const casesQuery = (state: Schemas['CaseState'] | undefined) =>
  queryOptions({
    queryKey: ['cases', state ?? 'all'],
    queryFn: ({ signal }) => request('get', '/api/cases', { query: { state, limit: 200 }, signal }),
  });

/** Below ['cases']: what a step changes is read again with them. */
export const handedOnQuery = queryOptions({
  queryKey: ['cases', 'handed on'],
  queryFn: ({ signal }) => request('get', '/api/handed-on', { query: { limit: 200 }, signal }),
});

export const caseQuery = (caseId: string) =>
  queryOptions({
    queryKey: ['case', caseId],
    queryFn: ({ signal }) => request('get', '/api/cases/{caseId}', { path: { caseId }, signal }),
    staleTime: 30_000,
  });

export type UnmaskingsShown = 'to_decide' | 'mine' | 'all';
export const unmaskingsQuery = (question: { show: UnmaskingsShown; from?: string; until?: string }) =>
  infiniteQueryOptions({
    queryKey: ['unmaskings', question],
    queryFn: ({ pageParam, signal }) =>
      request('get', '/api/unmaskings', { query: { ...question, limit: 50, cursor: pageParam ?? undefined }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: 60_000,
  });

/** The guard's list: no stream tells him, so it is asked for again. */
export const gateHoldsQuery = queryOptions({
  queryKey: ['gate'],
  queryFn: ({ signal }) => request('get', '/api/gate/holds', { signal }),
  refetchInterval: 15_000,
});

/** How many wait for the reader, for the frame. */
export const unmaskingsWaitingQuery = queryOptions({
  queryKey: ['unmaskings', 'waiting'],
  queryFn: async ({ signal }) =>
    (await request('get', '/api/unmaskings', { query: { show: 'to_decide', limit: 1 }, signal })).to_decide,
  refetchInterval: 60_000,
});

export const colleaguesQuery = queryOptions({
  queryKey: ['colleagues'],
  queryFn: ({ signal }) => request('get', '/api/colleagues', { signal }),
  staleTime: 300_000,
});

export const desksQuery = queryOptions({
  queryKey: ['desks'],
  queryFn: ({ signal }) => request('get', '/api/desks', { signal }),
  staleTime: 300_000,
});

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: ({ signal }) => request('get', '/api/users', { signal }),
});

export const organisationsQuery = queryOptions({
  queryKey: ['organisations'],
  queryFn: ({ signal }) => request('get', '/api/organisations', { signal }),
});

export const auditQuery = (filter: { user_id?: string; subject?: string }) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) =>
      request('get', '/api/audit', { query: { ...filter, limit: 100, cursor: pageParam ?? undefined }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ['search', q],
    queryFn: ({ signal }) => request('get', '/api/search', { query: { q, limit: 20 }, signal }),
    enabled: q.length >= 2,
    staleTime: 60_000,
  });

export const timelineQuery = (kind: Schemas['SubjectKind'], key: string, alertId: string | undefined) =>
  queryOptions({
    queryKey: ['timeline', kind, key],
    queryFn: async ({ signal }) => {
      const ask = (cursor: string | null) =>
        request('get', '/api/timelines/{kind}/{key}', {
          path: { kind, key },
          query: { alert_id: alertId, limit: 500, cursor: cursor ?? undefined },
          signal,
        });
      const first = await ask(null);
      // One axis needs all of them; the cap keeps a subject of millions of events from filling the page.
      let cursor = first.next_cursor;
      while (cursor !== null && first.events.length < kTimelineEvents) {
        const more = await ask(cursor);
        first.events.push(...more.events);
        cursor = more.next_cursor;
      }
      return { ...first, next_cursor: cursor };
    },
    staleTime: Infinity,
  });

export const kTimelineEvents = 5_000;
