import type { AlertFilter, AlertSummary, Level } from './api/alerts';

/** Order and membership of the queue, as the server has them (sort `urgent`), for what comes by the event stream. */
export const kLevels: readonly Level[] = ['critical', 'high', 'medium', 'low', 'informational'];

const rank = (alert: AlertSummary) => kLevels.indexOf(alert.level);
const instant = (time: string | null) => (time === null ? Infinity : Date.parse(time));

/** By level, then by what must be acted on first, then newest; the id settles the rest. */
export function byUrgency(a: AlertSummary, b: AlertSummary): number {
  const [first, second] = [instant(a.act_before), instant(b.act_before)];
  return (
    rank(a) - rank(b) ||
    (first === second ? 0 : first - second) ||
    Date.parse(b.event_time) - Date.parse(a.event_time) ||
    (a.alert_id < b.alert_id ? -1 : a.alert_id > b.alert_id ? 1 : 0)
  );
}

const flat = (text: string) => text.toLowerCase().replace(/[\s.-]/g, '');

export function isListed(alert: AlertSummary, filter: AlertFilter, me: string): boolean {
  const { state, owner } = alert.triage;
  const among = <T>(wanted: T[], value: T) => wanted.length === 0 || wanted.includes(value);
  if (!among(filter.state, state) || !among(filter.level, alert.level) || !among(filter.status, alert.status)) return false;
  if (filter.rule_id && filter.rule_id !== alert.rule_id) return false;
  if (filter.owner === 'none' && owner) return false;
  if (filter.owner && filter.owner !== 'none' && owner?.id !== (filter.owner === 'me' ? me : filter.owner)) return false;
  const words = flat(filter.q);
  return !words || flat(alert.title).includes(words) || alert.subjects.some((s) => flat(s.value).includes(words) || flat(s.label).includes(words));
}
