import type { AlertFilter, AlertSummary, Level } from './api/alerts';

/** Order and membership of the queue, as the server has them (sort `urgent`), for what comes by the event stream. */
export const kLevels: readonly Level[] = ['critical', 'high', 'medium', 'low', 'informational'];

type Place = { rank: number; actBefore: number; happened: number };

/** Parsed once per summary: a queue of 100,000 is sorted again with each change. */
const places = new WeakMap<AlertSummary, Place>();

function placeOf(alert: AlertSummary): Place {
  let place = places.get(alert);
  if (!place) {
    const { level, act_before, event_time } = alert;
    place = {
      rank: kLevels.indexOf(level),
      actBefore: act_before === null ? Infinity : Date.parse(act_before),
      happened: Date.parse(event_time),
    };
    places.set(alert, place);
  }
  return place;
}

/** By level, then by what must be acted on first, then newest; the id settles the rest. */
export function byUrgency(a: AlertSummary, b: AlertSummary): number {
  const [first, second] = [placeOf(a), placeOf(b)];
  return (
    first.rank - second.rank ||
    (first.actBefore === second.actBefore ? 0 : first.actBefore - second.actBefore) ||
    second.happened - first.happened ||
    (a.alert_id < b.alert_id ? -1 : a.alert_id > b.alert_id ? 1 : 0)
  );
}

const flat = (text: string) => text.toLowerCase().replace(/[\s.-]/g, '');

export function isListed(alert: AlertSummary, filter: AlertFilter, me: string): boolean {
  const { state, owner } = alert.triage;
  const among = <T>(wanted: T[], value: T) => wanted.length === 0 || wanted.includes(value);
  if (!among(filter.state, state) || !among(filter.level, alert.level) || !among(filter.status, alert.status))
    return false;
  if (filter.rule_id && filter.rule_id !== alert.rule_id) return false;
  if (filter.owner === 'none' && owner) return false;
  if (filter.owner && filter.owner !== 'none' && owner?.id !== (filter.owner === 'me' ? me : filter.owner))
    return false;
  if (filter.facility && filter.facility !== alert.facility) return false;
  if (filter.outcome && filter.outcome !== alert.outcome && !alert.outcome.startsWith(`${filter.outcome}.`))
    return false;
  const raised = Date.parse(alert.raised_at);
  if (filter.raised_from && raised < Date.parse(filter.raised_from)) return false;
  if (filter.raised_until && raised >= Date.parse(filter.raised_until)) return false;
  const words = flat(filter.q);
  return (
    !words ||
    flat(alert.title).includes(words) ||
    alert.subjects.some((s) => flat(s.value).includes(words) || flat(s.label).includes(words))
  );
}
