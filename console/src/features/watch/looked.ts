import { useSyncExternalStore } from 'react';
import type { AlertSummary } from '../../lib/api/alerts';
import { store, stored } from '../../lib/preferences';

/**
 * What this user has looked at on this machine. All told until `until` counts as looked at, and later the single
 * revisions that were opened. Times are the server's (changed_at): no clock of this machine is compared with them.
 */
export type Looked = { until: string; opened: Record<string, number> };

const kEmpty: Looked = { until: '', opened: {} };
/** So many opened alerts are remembered one by one; more than a shift opens. */
const kOpenedMax = 500;

export type Change = 'raised' | 'revised' | 'withdrawn';

export function changeSince(alert: AlertSummary, looked: Looked): Change | undefined {
  if (looked.until && Date.parse(alert.changed_at) <= Date.parse(looked.until)) return undefined;
  if ((looked.opened[alert.alert_id] ?? 0) >= alert.revision) return undefined;
  if (alert.status === 'withdrawn') return 'withdrawn';
  // To somebody who never looked all of it is new, however often it was revised.
  return alert.revision > 1 && (looked.until !== '' || alert.alert_id in looked.opened) ? 'revised' : 'raised';
}

export function withOpened(looked: Looked, alertId: string, revision: number): Looked {
  const entries = Object.entries({ ...looked.opened, [alertId]: revision });
  return { ...looked, opened: Object.fromEntries(entries.slice(-kOpenedMax)) };
}

/** All that is on screen now; ids opened before are of no further use. */
export function withAll(looked: Looked, alerts: readonly AlertSummary[]): Looked {
  const latest = alerts.reduce(
    (until, alert) => (Date.parse(alert.changed_at) > (Date.parse(until) || 0) ? alert.changed_at : until),
    looked.until,
  );
  return { until: latest, opened: {} };
}

/** As before all was marked; what was opened since then stays so. */
export const withoutAll = (before: Looked, now: Looked): Looked => ({
  until: before.until,
  opened: { ...before.opened, ...now.opened },
});

const listeners = new Set<() => void>();
const loaded = new Map<string, Looked>();
const keyOf = (user: string) => `quaywatch.looked.${user}`;

function read(user: string): Looked {
  const looked = loaded.get(user) ?? stored(keyOf(user), kEmpty);
  loaded.set(user, looked);
  return looked;
}

export function setLooked(user: string, change: (looked: Looked) => Looked) {
  const looked = change(read(user));
  loaded.set(user, looked);
  store(keyOf(user), looked);
  listeners.forEach((listener) => listener());
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useLooked = (user: string) => useSyncExternalStore(subscribe, () => read(user));
