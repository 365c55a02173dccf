import type { Schemas } from './api/client';

/** Look-ups by our own users, which are events too. */
export const kLookupFeed = 'quaywatch.lookups';

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

/** Longer than this without a record is called well only where its lateness is watched. */
const kFresh = 86_400_000;

/** Nothing came for a while, and no contract says when that is too long. */
const isUnwatched = (feed: Feed, now: number) =>
  feed.lateness_s === null &&
  (feed.last_received_at === null || now - Date.parse(feed.last_received_at) > kFresh);

export type FeedState = 'silent' | 'rejects' | 'not_known' | 'good';

/** All that is to be said of a feed, the worst first. */
export function statesOf(feed: Feed, now: number): FeedState[] {
  const states: FeedState[] = [];
  if (silentSince(feed)) states.push('silent');
  if (feed.rejected > 0) states.push('rejects');
  if (isUnwatched(feed, now)) states.push('not_known');
  return states.length > 0 ? states : ['good'];
}

/** When the latest record of them all came; null when none did. */
export const lastReceived = (feeds: readonly Feed[]): string | null =>
  feeds.reduce<string | null>((latest, { last_received_at: at }) => {
    if (at === null) return latest;
    return latest !== null && Date.parse(latest) > Date.parse(at) ? latest : at;
  }, null);

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
