import { describe, expect, it } from 'vitest';
import { lastHour } from './shift';

describe('where the day of a watch begins', () => {
  it.each([
    ['2026-03-13T05:00:00Z', 'Europe/Amsterdam', '2026-03-13T05:00:00.000Z'], // it is 06:00 there
    ['2026-03-13T04:59:59Z', 'Europe/Amsterdam', '2026-03-12T05:00:00.000Z'],
    ['2026-10-25T08:00:00Z', 'Europe/Amsterdam', '2026-10-25T05:00:00.000Z'], // the night had 25 hours
    ['2026-03-29T03:00:00Z', 'Europe/Amsterdam', '2026-03-28T05:00:00.000Z'], // 05:00 on the day that lost an hour
    ['2026-11-30T12:00:00Z', 'Asia/Kolkata', '2026-11-30T00:30:00.000Z'],
    ['2026-11-30T12:00:00Z', 'UTC', '2026-11-30T06:00:00.000Z'],
  ])('at %s in %s it began at %s', (now, zone, expected) => {
    expect(new Date(lastHour(Date.parse(now), zone)).toISOString()).toBe(expected);
  });
});
