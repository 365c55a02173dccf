import { useEffect, useRef } from 'react';
import type { AlertSummary } from '../../lib/api/alerts';
import { useDraft } from '../../lib/drafts';
import type { Asked } from './DecisionDialog';

type What = Asked | 'hold';

/** The dialog that is open, and on which alerts; one that the end of a session closed opens again with the list. */
export function useAsked(rows: readonly AlertSummary[], isListed: boolean) {
  const [named, name] = useDraft('watch.asked');
  const given = useRef<readonly AlertSummary[]>([]);
  const [what, ...ids] = named.split(' ') as [What, ...string[]];
  const known = [...given.current, ...rows];
  const alerts = ids.flatMap((id) => known.find(({ alert_id }) => alert_id === id) ?? []);
  const isThere = alerts.length > 0;
  useEffect(() => {
    if (isListed && !isThere) name('');
    // Only the list that comes first is waited for.
  }, [isListed]);
  const ask = (next: What, ...of: readonly AlertSummary[]) => {
    given.current = of;
    name([next, ...of.map(({ alert_id }) => alert_id)].join(' '));
  };
  return { asked: isThere ? { what, alerts } : undefined, ask, close: () => name('') };
}
