import { describe, expect, it } from 'vitest';
import { age, ageInDays, duration, localTime, utcTime } from './time';

const zagreb = 'Europe/Zagreb';

describe('localTime', () => {
  it('is local to the port, before and after the clocks change', () => {
    expect(localTime('2026-03-12T12:17:00Z', zagreb, 'en', 'second')).toBe('12 Mar 13:17:00');
    expect(localTime('2026-03-29T00:59:00Z', zagreb, 'en', 'minute')).toBe('29 Mar 01:59');
    expect(localTime('2026-03-29T01:00:00Z', zagreb, 'en', 'minute')).toBe('29 Mar 03:00');
  });

  it('has midnight as 00 and takes microseconds', () => {
    expect(localTime('2026-03-12T23:00:00Z', zagreb, 'en', 'time')).toBe('00:00');
    expect(localTime('2026-03-12T22:59:59.999999Z', zagreb, 'en', 'second')).toBe('12 Mar 23:59:59');
  });

  it('says year and zone where it is read elsewhere', () => {
    expect(localTime('2026-03-12T12:17:00Z', zagreb, 'en', 'full')).toBe('12 Mar 2026 13:17:00 CET');
    expect(localTime('2026-07-12T12:17:00Z', zagreb, 'es', 'full')).toBe('12 jul 2026 14:17:00 CEST');
  });

  it('leaves what is no time as it came', () => {
    expect(localTime('soon', zagreb, 'en', 'time')).toBe('soon');
  });
});

describe('utcTime', () => {
  it('keeps every digit of the server', () => {
    expect(utcTime('2026-03-12T12:17:00.559123Z')).toBe('2026-03-12 12:17:00.559123Z');
  });
});

describe('age', () => {
  const now = Date.parse('2026-12-02T09:00:00Z');
  it.each([
    ['2026-12-02T08:18:00Z', '42m ago', 'hace 42 min'],
    ['2026-12-01T08:00:00Z', '25h ago', 'hace 25 h'],
    ['2026-11-29T08:00:00Z', '3d ago', 'hace 3 d'],
    ['2026-12-02T11:30:00Z', 'in 2h', 'dentro de 2 h'],
    ['2026-12-02T08:59:40Z', 'now', 'ahora'],
    ['2026-12-01T09:00:00Z', '24h ago', 'hace 24 h'],
    ['2026-10-20T17:40:00Z', '42d ago', 'hace 42 d'],
    ['2026-10-03T09:00:00Z', '60d ago', 'hace 60 d'],
    ['2026-10-02T09:00:00Z', '2 months ago', 'hace 2 meses'],
    ['2025-12-02T09:00:00Z', '12 months ago', 'hace 12 meses'],
    ['2025-01-02T09:00:00Z', '22 months ago', 'hace 22 meses'],
    ['2024-11-02T09:00:00Z', '2 years ago', 'hace 2 años'],
  ])('of %s is %s, %s', (at, english, spanish) => {
    expect(age(at, now, 'en')).toBe(english);
    expect(age(at, now, 'es')).toBe(spanish);
  });
});

describe('duration', () => {
  it('has two parts at most', () => {
    expect(duration(36 * 60_000)).toBe('36 min');
    expect(duration(-93_784_000)).toBe('1 d 2 h');
    expect(duration(60_000)).toBe('1 min');
    expect(duration(250)).toBe('250 ms');
  });
});

describe('ageInDays', () => {
  const now = Date.parse('2026-03-13T05:00:00Z');
  it.each([
    ['2026-02-03T05:00:00Z', 'en', '38 days ago'],
    ['2026-02-03T05:00:00Z', 'es', 'hace 38 días'],
    ['2026-03-12T01:00:00Z', 'en', '28h ago'],
  ])('%s in %s: %s', (at, language, words) => expect(ageInDays(at, now, language)).toBe(words));
});
