/** The period of the key figures as the address has it. Days and months are of UTC, as the server counts them. */
export type Period = { from?: string; until?: string };

const kDay = 86_400_000;
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);
const midnight = (day: string) => `${day}T00:00:00Z`;

export const monthOf = (now: number) => dayOf(now).slice(0, 7);
export const isMonth = (text: string) => /^\d{4}-(0[1-9]|1[0-2])$/.test(text);
export const isDay = (text: string | null): text is string =>
  /^\d{4}-\d\d-\d\d$/.test(text ?? '') && !Number.isNaN(Date.parse(text!));

/** This month and those before it, latest first. */
export function months(now: number, count: number): string[] {
  const [year = 0, month = 0] = monthOf(now).split('-').map(Number);
  return Array.from({ length: count }, (_, back) => monthOf(Date.UTC(year, month - 1 - back, 1)));
}

export function nextMonth(month: string): string {
  const [year = 0, at = 0] = month.split('-').map(Number);
  return monthOf(Date.UTC(year, at, 1));
}

/** What is chosen: a month, `7d`, `30d`, `all`, or `days` with from and to in the address. */
export function choiceOf(query: URLSearchParams, now: number, onlyMonths: boolean): string {
  const text = query.get('period') ?? '';
  if (isMonth(text)) return text;
  const known = ['7d', '30d', 'all', 'days'].includes(text);
  return known && !onlyMonths ? text : monthOf(now);
}

export function periodOf(choice: string, query: URLSearchParams, now: number): Period {
  if (isMonth(choice)) return { from: midnight(`${choice}-01`), until: midnight(`${nextMonth(choice)}-01`) };
  const tomorrow = midnight(dayOf(now + kDay));
  if (choice === '7d') return { from: midnight(dayOf(now - 6 * kDay)), until: tomorrow };
  if (choice === '30d') return { from: midnight(dayOf(now - 29 * kDay)), until: tomorrow };
  if (choice === 'all') return {};
  const [from, to] = [query.get('from'), query.get('to')];
  return {
    ...(isDay(from) ? { from: midnight(from) } : {}),
    ...(isDay(to) ? { until: midnight(dayOf(Date.parse(to) + kDay)) } : {}),
  };
}

/** First and last day, as people read them; empty ends are open. */
export const daysOf = ({ from, until }: Period) =>
  `${from?.slice(0, 10) ?? ''} – ${until ? dayOf(Date.parse(until) - 1) : ''}`.trim();
