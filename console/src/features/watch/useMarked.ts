import { useMemo, useRef, useState } from 'react';
import type { AlertSummary } from '../../lib/api/alerts';

/** As api/openapi.yaml: NewDecisions.alert_ids. */
export const kMostMarked = 200;

/** The alerts of the list that are marked to be decided on together. One that leaves the list is out of the lot. */
export function useMarked(rows: readonly AlertSummary[]) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<string | undefined>(undefined);
  const marked = useMemo(() => (ids.size === 0 ? [] : rows.filter(({ alert_id }) => ids.has(alert_id))), [rows, ids]);
  const add = (more: readonly AlertSummary[]) =>
    setIds((before) => new Set([...before, ...more.map(({ alert_id }) => alert_id)].slice(0, kMostMarked)));
  const toggle = (id: string) => {
    last.current = id;
    setIds((before) => {
      const next = new Set(before);
      if (!next.delete(id) && next.size < kMostMarked) next.add(id);
      return next;
    });
  };
  /** All from the one that was marked last to this one. */
  const reach = (id: string) => {
    const placeOf = (of: string | undefined) => rows.findIndex(({ alert_id }) => alert_id === of);
    const [from, to] = [placeOf(last.current), placeOf(id)];
    if (from < 0) return toggle(id);
    add(rows.slice(Math.min(from, to), Math.max(from, to) + 1));
    last.current = id;
  };
  return { marked, ids, add, toggle, reach, clear: () => setIds(new Set()) };
}
