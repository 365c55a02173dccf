import { describe, expect, it } from 'vitest';
import type { Schemas } from './api/client';
import { queryString } from './api/client';
import { bytesOf, dump } from './bytes';
import { coverageOf, holesOf, lastReceived, silentSince, spanOf, statesOf } from './feeds';

const feed = (covered: [string, string][], health: [string, string][] = []) =>
  ({
    covered: covered.map(([from, until]) => ({ from, until })),
    health: health.map(([type, event_time]) => ({ type, event_time, sentence: '', fields: [] })),
  }) as unknown as Schemas['Feed'];

describe('coverage', () => {
  it('joins days that follow one another and leaves holes', () => {
    const covered = coverageOf(
      feed([
        ['2026-03-12T00:00:00Z', '2026-03-12T23:59:59.999999Z'],
        ['2026-03-11T00:00:00Z', '2026-03-11T23:59:59.999999Z'],
        ['2026-03-14T00:00:00Z', '2026-03-14T12:00:00Z'],
      ]),
    );
    expect(covered).toHaveLength(2);
    expect(holesOf(covered)).toEqual([
      { from: Date.parse('2026-03-12T23:59:59.999Z'), until: Date.parse('2026-03-14T00:00:00Z') },
    ]);
    expect(spanOf([feed([])])).toBeNull();
  });
});

describe('silentSince', () => {
  it('is the last word of the feed on it', () => {
    expect(silentSince(feed([], [['feed.silent', '2026-03-12T14:02:00Z']]))).toBe('2026-03-12T14:02:00Z');
    expect(
      silentSince(
        feed(
          [],
          [
            ['feed.restored', '2026-03-12T15:00:00Z'],
            ['feed.silent', '2026-03-12T14:02:00Z'],
          ],
        ),
      ),
    ).toBeNull();
    expect(silentSince(feed([], [['feed.rejected', '2026-03-12T15:00:00Z']]))).toBeNull();
  });
});

describe('statesOf', () => {
  const now = Date.parse('2026-03-13T05:00:00Z');
  const of = (last_received_at: string | null, health: [string, string][] = [], rejected = 0) => ({
    ...feed([], health),
    last_received_at,
    lateness_s: null as number | null,
    rejected,
  });
  const watched = { lateness_s: 86_400 };
  const [fresh, old] = ['2026-03-13T00:00:00Z', '2026-02-03T05:00:00Z'];
  const silent: [string, string] = ['feed.silent', '2026-03-12T14:02:00Z'];
  const restored: [string, string] = ['feed.restored', '2026-03-12T15:00:00Z'];
  const rejected: [string, string] = ['feed.rejected', '2026-03-12T15:00:00Z'];
  it.each([
    ['a record of today', of(fresh), ['good']],
    ['no record for weeks, and nothing says when that is late', of(old), ['not_known']],
    ['no record ever', of(null), ['not_known']],
    ['rejects say nothing of lateness', of(old, [rejected], 2), ['rejects', 'not_known']],
    ['a told silence', { ...of(old, [silent]), ...watched }, ['silent']],
    ['a hole of long ago, and no contract', of(old, [silent, restored]), ['not_known']],
    ['rejects before a silence', { ...of(old, [silent], 1), ...watched }, ['silent', 'rejects']],
    ['lateness is watched, and it was restored', { ...of(old, [silent, restored]), ...watched }, ['good']],
  ])('%s', (_, given, states) => expect(statesOf(given, now)).toEqual(states));

  it('finds the latest record', () => {
    expect(lastReceived([of(old), of(null), of(fresh)])).toBe(fresh);
    expect(lastReceived([of(null)])).toBeNull();
  });
});

describe('bytes', () => {
  it('show what is no text as a dot, with the offset in the file', () => {
    expect(dump(bytesOf(btoa('\x00UNH+1\r\n0123456789')), 100)).toEqual([
      { offset: '100', hex: '00 55 4e 48 2b 31 0d 0a 30 31 32 33 34 35 36 37', text: '·UNH+1··01234567' },
      { offset: '116', hex: '38 39', text: '89' },
    ]);
  });
});

describe('queryString', () => {
  it('joins lists and leaves out what is empty', () => {
    expect(queryString({ state: ['new', 'taken'], q: '', cursor: null, limit: 5 })).toBe('?state=new%2Ctaken&limit=5');
    expect(queryString(undefined)).toBe('');
  });
});
