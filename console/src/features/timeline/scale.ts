/** The time axis: what part of time is shown, where its ticks are, and what stands too close together. Milliseconds. */
export type View = { from: number; until: number };

const kMinute = 60_000;
const kHour = 60 * kMinute;
const kDay = 24 * kHour;
const kSteps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720]
  .map((n) => n * kMinute)
  .concat([1, 2, 7, 14, 28, 91, 365].map((n) => n * kDay));

/** Closer than this one sees nothing more: clocks are not that good. */
const kShortest = 20 * 1000;

/** All of it, with air on both sides. */
export function fit(times: readonly number[]): View {
  if (times.length === 0) return { from: 0, until: kDay };
  const [from, until] = [Math.min(...times), Math.max(...times)];
  const air = Math.max((until - from) * 0.05, 10 * kMinute);
  return { from: from - air, until: until + air };
}

/** `factor` under 1 comes closer; the instant `at` stays where it is. Never wider than `whole`. */
export function zoomed(view: View, factor: number, at: number, whole: View): View {
  const span = Math.min(Math.max((view.until - view.from) * factor, kShortest), whole.until - whole.from);
  const share = (at - view.from) / (view.until - view.from);
  return within({ from: at - share * span, until: at + (1 - share) * span }, whole);
}

export const panned = (view: View, by: number, whole: View): View =>
  within({ from: view.from + by, until: view.until + by }, whole);

function within({ from, until }: View, whole: View): View {
  const shift = from < whole.from ? whole.from - from : until > whole.until ? whole.until - until : 0;
  return { from: from + shift, until: until + shift };
}

/** Brings an instant into view without changing the scale. */
export function showing(view: View, at: number, whole: View): View {
  if (at >= view.from && at <= view.until) return view;
  return panned(view, at - (view.from + view.until) / 2, whole);
}

const offsets = new Map<string, Intl.DateTimeFormat>();

/** How far the clocks of a zone are ahead of UTC at an instant. */
export function zoneOffset(at: number, zone: string): number {
  const format = offsets.get(zone) ?? new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  offsets.set(zone, format);
  const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const match = /([+-])(\d\d):(\d\d)/.exec(name);
  return match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * kHour + Number(match[3]) * kMinute) : 0;
}

export type Tick = { at: number; isDay: boolean };

/** Ticks at round local times, at least `apart` pixels from one another; a day's start is marked. */
export function ticks(view: View, width: number, zone: string, apart = 84): Tick[] {
  const wanted = ((view.until - view.from) * apart) / Math.max(width, 1);
  const step = kSteps.find((each) => each >= wanted) ?? kSteps.at(-1)!;
  const local = view.from + zoneOffset(view.from, zone);
  const out: Tick[] = [];
  let at = Math.ceil(local / step) * step - zoneOffset(view.from, zone);
  while (at <= view.until && out.length < 200) {
    const offset = zoneOffset(at, zone);
    if (at >= view.from) out.push({ at, isDay: (at + offset) % kDay === 0 });
    const next = at + step;
    // Where the clocks change between two ticks the local time stays round.
    at = step >= kHour ? next + offset - zoneOffset(next, zone) : next;
    if (at <= (out.at(-1)?.at ?? -Infinity)) at = next;
  }
  return out;
}

export type Cluster<T> = { x: number; items: T[] };

/** What would overlap is one mark with a number. Items come in order of x. */
export function clusters<T>(items: readonly { x: number; item: T }[], apart: number): Cluster<T>[] {
  const out: Cluster<T>[] = [];
  for (const { x, item } of items) {
    const last = out.at(-1);
    if (last && x - last.x < apart) last.items.push(item);
    else out.push({ x, items: [item] });
  }
  return out;
}
