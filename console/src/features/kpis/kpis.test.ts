import { describe, expect, it } from 'vitest';
import { csvOf } from './csv';
import { divisions, filled, share, watchLink, type Kpis } from './figures';
import { choiceOf, daysOf, months, nextMonth, periodOf } from './period';

const now = Date.parse('2026-03-13T23:30:00Z');
const read = (text: string, onlyMonths = false) => {
  const query = new URLSearchParams(text);
  const choice = choiceOf(query, now, onlyMonths);
  return { choice, ...periodOf(choice, query, now) };
};

describe('period in the address', () => {
  it('is this month when nothing is said, and for what is none', () => {
    const march = { choice: '2026-03', from: '2026-03-01T00:00:00Z', until: '2026-04-01T00:00:00Z' };
    for (const text of ['', 'period=2026-13', 'period=soon']) expect(read(text), text).toEqual(march);
    expect(read('period=30d', true), 'only months are handed on').toEqual(march);
  });

  it('goes to the end of the year and of the day', () => {
    expect(read('period=2025-12')).toMatchObject({ from: '2025-12-01T00:00:00Z', until: '2026-01-01T00:00:00Z' });
    expect(read('period=7d')).toMatchObject({ from: '2026-03-07T00:00:00Z', until: '2026-03-14T00:00:00Z' });
    expect(read('period=days&from=2026-02-28&to=2026-02-28')).toMatchObject({
      from: '2026-02-28T00:00:00Z',
      until: '2026-03-01T00:00:00Z',
    });
    expect(read('period=days&from=x&to=2026-99-01')).toEqual({ choice: 'days' });
    expect(read('period=all')).toEqual({ choice: 'all' });
  });

  it('lists months backwards', () => {
    expect(months(now, 4)).toEqual(['2026-03', '2026-02', '2026-01', '2025-12']);
    expect(nextMonth('2025-12')).toBe('2026-01');
    expect(daysOf(periodOf('2026-02', new URLSearchParams(), now)), 'the last day is in it').toBe(
      '2026-02-01 – 2026-02-28',
    );
  });
});

const none = { total: 0, parts: {} };
const time = { count: 0, median_s: null, p90_s: null };
const k: Kpis = {
  as_of: '2026-03-13T23:30:00Z',
  small_cells: 'hidden',
  small_cell: 5,
  alerts: { total: 12, parts: { open: 7, dismissed: null, closed: null } },
  open: none,
  dismissed: none,
  closed: none,
  by_level: { rows: [], rest: null },
  by_rule: {
    rows: [{ key: 'r1', title: '=HYPERLINK("x"), or so', level: 'high', counts: { total: 5, parts: { open: 5 } } }],
    rest: { total: 7, parts: { open: null } },
  },
  by_facility: { rows: [], rest: null },
  dismissals: { rows: [], rest: null },
  times: {
    happening_to_feed: { count: 2, median_s: 60, p90_s: 90 },
    feed_to_alert: time,
    alert_to_person: time,
    alert_to_outcome: time,
    hold_to_answer: time,
  },
  cases_opened: none,
  cases_closed: none,
  cases_cleared: { total: 6, parts: { told: null } },
  holds: none,
  sample: null,
};

describe('figures', () => {
  it('are one a line in a file, empty where not shown, and no formula', () => {
    const lines = csvOf(k, { from: '2026-03-01T00:00:00Z' }).split('\r\n');
    expect(lines).toContain('about,,,small_cells,hidden');
    expect(lines).toContain('alerts,,,total,12');
    expect(lines).toContain('alerts,,,dismissed,');
    expect(lines).toContain(`by_rule,r1,"'=HYPERLINK(""x""), or so",open,5`);
    expect(lines).toContain('by_rule,rest,,total,7');
    expect(lines).toContain('cases_cleared,,,total,6');
    expect(lines).toContain('times,happening_to_feed,,median_s,60');
    expect(lines.at(-1)).toBe('');
  });

  it('lead to the alerts that make them up', () => {
    const period = { from: '2026-03-01T00:00:00Z', until: '2026-04-01T00:00:00Z', facility: 'SIKOP/KTV' };
    const query = new URL(watchLink({ rule: 'r1', outcome: 'dismissed.other' }, period), 'http://x').searchParams;
    expect(Object.fromEntries(query)).toEqual({ state: 'all', rule: 'r1', outcome: 'dismissed.other', ...period });
  });

  it('leave out what is not there, and have no share of what is not shown', () => {
    expect(filled({ total: 3, parts: { a: 1, b: 0, c: 2, d: null } }).map(([word]) => word)).toEqual(['c', 'a', 'd']);
    expect(divisions({ total: 9, parts: { a: null, b: null } })).toEqual([['', null]]);
    expect(divisions({ total: 9, parts: { a: null, b: 5 } })).toHaveLength(2);
    expect([share(1, 8), share(null, 8), share(1, null), share(0, 0)]).toEqual([13, null, null, null]);
  });
});
