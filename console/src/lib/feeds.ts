import type { Schemas } from './api/client';

type Feed = Schemas['Feed'];
export type Interval = { from: number; until: number };

/** Since when a feed has delivered nothing for longer than its contract allows; null when it speaks (again). */
export function silentSince(feed: Feed): string | null {
  const last = feed.health
    .filter((entry) => entry.type === 'feed.silent' || entry.type === 'feed.restored')
    .reduce<Feed['health'][number] | undefined>(
      (a, b) => (a && Date.parse(a.event_time) > Date.parse(b.event_time) ? a : b),
      undefined,
    );
  return last?.type === 'feed.silent' ? last.event_time : null;
}

export function coverageOf(feed: Feed): Interval[] {
  return feed.covered
    .map(({ from, until }) => ({ from: Date.parse(from), until: Date.parse(until) }))
    .sort((a, b) => a.from - b.from)
    .reduce<Interval[]>((merged, next) => {
      const last = merged.at(-1);
      // Days end at 23:59:59.999999: the millisecond between two of them is no hole.
      if (last && next.from <= last.until + 1) last.until = Math.max(last.until, next.until);
      else merged.push({ ...next });
      return merged;
    }, []);
}

/** What lies between. */
export const holesOf = (covered: Interval[]): Interval[] =>
  covered.slice(1).map((next, index) => ({ from: covered[index]!.until, until: next.from }));

export function spanOf(feeds: readonly Feed[]): Interval | null {
  const all = feeds.flatMap(coverageOf);
  if (all.length === 0) return null;
  return { from: Math.min(...all.map((i) => i.from)), until: Math.max(...all.map((i) => i.until)) };
}
