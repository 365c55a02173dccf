import { describe, expect, it } from 'vitest';
import { clusters, fit, panned, showing, ticks, zoneOffset, zoomed } from './scale';

const at = (iso: string) => Date.parse(iso);
const whole = { from: 0, until: 1_000_000 };

describe('view', () => {
  it('fits with air, also a single event', () => {
    expect(fit([1000, 1000])).toEqual({ from: 1000 - 600_000, until: 1000 + 600_000 });
    expect(fit([0, 100 * 3_600_000])).toEqual({ from: -18_000_000, until: 378_000_000 });
  });

  it('zooms around the pointer and not beyond the whole', () => {
    expect(zoomed(whole, 0.5, 250_000, whole)).toEqual({ from: 125_000, until: 625_000 });
    expect(zoomed({ from: 100_000, until: 200_000 }, 100, 150_000, whole)).toEqual(whole);
    const closest = zoomed(whole, 1e-9, 500_000, whole);
    expect(closest.until - closest.from).toBe(20_000);
  });

  it('stops at the ends', () => {
    expect(panned({ from: 0, until: 100 }, -50, whole)).toEqual({ from: 0, until: 100 });
    expect(showing({ from: 0, until: 100 }, 5_000, whole)).toEqual({ from: 4_950, until: 5_050 });
  });
});

describe('ticks', () => {
  it('are round in local time', () => {
    const found = ticks({ from: at('2026-03-11T20:00:00Z'), until: at('2026-03-13T02:00:00Z') }, 600, 'Europe/Zagreb');
    expect(found.map(({ at: t }) => new Date(t).toISOString().slice(5, 16))).toEqual([
      '03-11T23:00',
      '03-12T05:00',
      '03-12T11:00',
      '03-12T17:00',
      '03-12T23:00',
    ]);
    expect(found.map(({ isDay }) => isDay)).toEqual([true, false, false, false, true]);
  });

  it('stay round over the change of the clocks', () => {
    const found = ticks({ from: at('2026-03-28T00:00:00Z'), until: at('2026-03-30T12:00:00Z') }, 300, 'Europe/Zagreb');
    expect(found.filter(({ isDay }) => isDay).map(({ at: t }) => new Date(t).toISOString().slice(5, 16))).toEqual([
      '03-28T23:00',
      '03-29T22:00',
    ]);
  });

  it('know zones of half hours and west of Greenwich', () => {
    expect(zoneOffset(0, 'Asia/Kolkata')).toBe(5.5 * 3_600_000);
    expect(zoneOffset(at('2026-01-01T00:00:00Z'), 'America/New_York')).toBe(-5 * 3_600_000);
    expect(zoneOffset(0, 'UTC')).toBe(0);
  });
});

it('clusters keep every item', () => {
  const marks = [0, 4, 30, 41, 100].map((x) => ({ x, item: x }));
  expect(clusters(marks, 12).map(({ items }) => items)).toEqual([[0, 4], [30, 41], [100]]);
});
