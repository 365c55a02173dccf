import { useQueryClient, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { AlertFilter } from './api/alerts';
import type { Schemas } from './api/client';
import { sessionQuery } from './api/session';
import { isListed } from './queue';

export type LiveState = { state: 'waiting' | 'live' | 'broken'; since: number };

type Change = Schemas['AlertChange'];
type Page = Schemas['AlertPage'];

/** Puts one change where it belongs: in place, in at the front (the page sorts), or out of a list it left. */
export function withChange(
  data: InfiniteData<Page>,
  filter: AlertFilter,
  change: Change,
  me: string,
): InfiniteData<Page> {
  const { alert } = change;
  const listed = isListed(alert, filter, me);
  let found = false;
  const pages = data.pages.map((page) => {
    const at = page.items.findIndex((item) => item.alert_id === alert.alert_id);
    if (at < 0) return page;
    found = true;
    // Told in order by the server, but an answer to a decision may have overtaken the stream.
    if (page.items[at]!.revision > alert.revision) return page;
    return { ...page, items: page.items.flatMap((item, index) => (index !== at ? [item] : listed ? [alert] : [])) };
  });
  const first = pages[0];
  if (!found && listed && first) pages[0] = { ...first, items: [alert, ...first.items] };
  return { ...data, pages };
}

export function applyChange(client: QueryClient, change: Change) {
  const me = client.getQueryData(sessionQuery.queryKey)?.user.id ?? '';
  for (const query of client.getQueryCache().findAll({ queryKey: ['alerts', 'queue'] })) {
    const filter = query.queryKey[2] as AlertFilter;
    client.setQueryData<InfiniteData<Page>>(query.queryKey, (data) => data && withChange(data, filter, change, me));
  }
}

const kCountsEvery = 2_000;

/** Follows the server's event stream for as long as the page is open. The browser reconnects and says where it was. */
export function useLive(active: boolean): LiveState {
  const client = useQueryClient();
  const [live, setLive] = useState<LiveState>({ state: 'waiting', since: Date.now() });
  useEffect(() => {
    if (!active) return;
    const source = new EventSource('/api/events');
    let counts: ReturnType<typeof setTimeout> | undefined;
    const recount = () => {
      counts ??= setTimeout(() => {
        counts = undefined;
        void client.invalidateQueries({ queryKey: ['alerts', 'counts'] });
        void client.invalidateQueries({ queryKey: ['kpis'] });
        void client.invalidateQueries({ queryKey: ['map', 'state', 'live'] });
      }, kCountsEvery);
    };
    const onChange = (event: MessageEvent<string>) => {
      const change = JSON.parse(event.data) as Change;
      applyChange(client, change);
      void client.invalidateQueries({ queryKey: ['alert', change.alert.alert_id] });
      recount();
    };
    source.addEventListener('alert', onChange);
    source.addEventListener('decision', onChange);
    source.addEventListener('feeds', () => void client.invalidateQueries({ queryKey: ['feeds'] }));
    source.addEventListener('rules', () => void client.invalidateQueries({ queryKey: ['rules'] }));
    source.addEventListener('unmaskings', () => void client.invalidateQueries({ queryKey: ['unmaskings'] }));
    source.addEventListener('resync', () => void client.invalidateQueries());
    source.onopen = () => setLive({ state: 'live', since: Date.now() });
    source.onerror = () =>
      setLive((before) => (before.state === 'broken' ? before : { state: 'broken', since: Date.now() }));
    return () => {
      clearTimeout(counts);
      source.close();
    };
  }, [active, client]);
  return live;
}
