import type { Schemas } from '../../lib/api/client';

export type Kpis = Schemas['Kpis'];
export type Counts = Schemas['KpiCounts'];
export type Row = Schemas['KpiRow'];

export const kParts = ['open', 'dismissed', 'closed', 'withdrawn', 'excepted'] as const;
export type Part = (typeof kParts)[number];
export const kTimes = [
  'happening_to_feed',
  'feed_to_alert',
  'alert_to_person',
  'alert_to_outcome',
  'hold_to_answer',
] as const;

/** What stands behind a number, for the address of the watch; undefined parts are any. */
export type Behind = { outcome?: string; rule?: string; level?: string; facility?: string };

export function watchLink(behind: Behind, period: { from?: string; until?: string }): string {
  const query = new URLSearchParams({ state: 'all' });
  for (const [name, value] of Object.entries({ ...behind, ...period })) if (value) query.set(name, value);
  return `/watch?${query.toString()}`;
}

/** Words with something in them, most first; null is something. */
export const filled = (counts: Counts): [string, number | null][] =>
  Object.entries(counts.parts)
    .filter(([, n]) => n !== 0)
    .sort(([, a], [, b]) => (b ?? 0) - (a ?? 0));

/** The same; where nothing of it is shown, one line without a word. */
export function divisions(counts: Counts | undefined): [string, number | null][] {
  if (!counts) return [];
  const parts = Object.values(counts.parts);
  return parts.length > 0 && parts.every((n) => n === null) ? [['', null]] : filled(counts);
}

/** In percent; null where a number is not shown or there is nothing. */
export const share = (n: number | null | undefined, of: number | null | undefined): number | null =>
  n === null || n === undefined || !of ? null : Math.round((100 * n) / of);

export const byTotal = (a: Row, b: Row) => (b.counts.total ?? 0) - (a.counts.total ?? 0) || a.key.localeCompare(b.key);

export const isEmpty = (k: Kpis) =>
  [k.alerts, k.cases_opened, k.cases_closed, k.holds].every(({ total }) => total === 0);
