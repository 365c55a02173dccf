import { useEffect, useRef } from 'react';
import type { AlertSummary } from '../../lib/api/alerts';
import { useDraft } from '../../lib/drafts';
import type { Asked } from './DecisionDialog';

type What = Asked | 'hold';

/** The dialog that is open, and on which alert; one that the end of a session closed opens again with the list. */
export function useAsked(rows: readonly AlertSummary[], isListed: boolean) {
  const [named, name] = useDraft('watch.asked');
  const given = useRef<AlertSummary | undefined>(undefined);
  const [what, alertId] = named.split(' ') as [What, string | undefined];
  const alert = [...(given.current ? [given.current] : []), ...rows].find((each) => each.alert_id === alertId);
  useEffect(() => {
    if (isListed && !alert) name('');
    // Only the list that comes first is waited for.
  }, [isListed]);
  const ask = (next: What, of: AlertSummary) => {
    given.current = of;
    name(`${next} ${of.alert_id}`);
  };
  return { asked: alertId && alert ? { what, alert } : undefined, ask, close: () => name('') };
}
