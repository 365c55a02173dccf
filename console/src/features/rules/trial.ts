import type { Schemas } from '../../lib/api/client';
import { rowsOf, type Draft } from './draft';

/** A set of rules tried on history: the back-test of the server, and the draft that it was of. */
export type Trial = { id: string; of: string };

/** What tells one draft from another. */
export const nameOf = (draft: Draft) =>
  JSON.stringify([draft.base, rowsOf(draft).filter(({ state }) => state !== 'same')]);

const kDay = 86_400_000;
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

/** The days of UTC from one instant until another, as back-tests count: "2026-03-01 – 2026-03-28". */
export function utcDays(from: string, until: string) {
  const [first, last] = [from.slice(0, 10), dayOf(Date.parse(until) - 1)];
  return first === last ? first : `${first} – ${last}`;
}

/** The bounds of whole days of UTC; of fields that were left empty nothing. */
export const boundsOf = (first: string, last: string) => ({
  ...(first !== '' ? { from: `${first}T00:00:00Z` } : {}),
  ...(last !== '' ? { until: `${dayOf(Date.parse(`${last}T00:00:00Z`) + kDay)}T00:00:00Z` } : {}),
});

export type Day = Schemas['BacktestResult']['days'][number];

/** At most so many bars are drawn; of more days the ones between the first and the last with an alert. */
export const kDaysDrawn = 400;

/** Every day of the time, also those without an alert: a gap is an answer. */
export function everyDay(days: Day[], from: string, until: string): Day[] {
  const known = new Map(days.map((day) => [day.day, day]));
  let [at, end] = [Date.parse(`${from.slice(0, 10)}T00:00:00Z`), Date.parse(until)];
  const [first, last] = [days[0], days[days.length - 1]];
  if ((end - at) / kDay > kDaysDrawn && first && last)
    [at, end] = [Date.parse(first.day), Date.parse(last.day) + kDay];
  const out: Day[] = [];
  for (; at < end && out.length < kDaysDrawn; at += kDay)
    out.push(known.get(dayOf(at)) ?? { day: dayOf(at), before: 0, now: 0 });
  return out;
}

type Rule = Schemas['BacktestRule'];

export const differs = (rule: Rule) => rule.appear + rule.disappear + rule.change > 0 || !rule.before || !rule.now;

/** Those that alert by themselves. What others join has no id of its own, or is known as `joined`. */
export const raising = (rules: Rule[], joined: ReadonlySet<string>) =>
  rules.filter(({ rule_id }) => rule_id !== '' && !joined.has(rule_id));

/** Those of which something differs first, the most of it before the rest. */
export const byEffect = (rules: Rule[]) => {
  const effect = (rule: Rule) => rule.appear + rule.disappear + rule.change;
  return [...rules].sort((a, b) => Number(differs(b)) - Number(differs(a)) || effect(b) - effect(a));
};

export const unjudged = (side: Rule['now']) =>
  Object.values(side?.not_evaluated ?? {}).reduce((sum: number, count) => sum + count, 0);

const kKey = 'quaywatch.rules.trial';

/** Kept for this tab, as the draft is; what was found lies with the server. */
export function keepTrial(trial: Trial | undefined) {
  try {
    if (trial) sessionStorage.setItem(kKey, JSON.stringify(trial));
    else sessionStorage.removeItem(kKey);
  } catch {
    // The browser keeps nothing: the trial is known as long as the page.
  }
}

export function keptTrial(): Trial | undefined {
  try {
    const { id, of } = JSON.parse(sessionStorage.getItem(kKey) ?? '') as Trial;
    return typeof id === 'string' && typeof of === 'string' ? { id, of } : undefined;
  } catch {
    return undefined;
  }
}
