import { describe, expect, it } from 'vitest';
import { begin, put } from './draft';
import { boundsOf, byEffect, everyDay, nameOf, raising, utcDays } from './trial';

const side = { version: '1', level: 'high' as const, alerts: 1, asked: 5, not_evaluated: {}, per_day: {} };
const rule = (title: string, appear: number, disappear = 0) => ({
  rule_id: title, title, appear, disappear, change: 0, before: side, now: side,
});

describe('a trial of rules', () => {
  it('asks for whole days of UTC, the last one among them', () => {
    expect(boundsOf('2026-03-01', '2026-03-31')).toEqual({ from: '2026-03-01T00:00:00Z', until: '2026-04-01T00:00:00Z' });
    expect(boundsOf('', '')).toEqual({});
    expect(utcDays('2026-03-01T00:00:00Z', '2026-04-01T00:00:00Z')).toBe('2026-03-01 – 2026-03-31');
    expect(utcDays('2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z')).toBe('2026-03-01');
  });

  it('has a bar for every day, also those without an alert', () => {
    const found = [{ day: '2026-03-02', before: 2, now: 1 }];
    expect(everyDay(found, '2026-03-01T00:00:00Z', '2026-03-04T00:00:00Z')).toEqual([
      { day: '2026-03-01', before: 0, now: 0 },
      { day: '2026-03-02', before: 2, now: 1 },
      { day: '2026-03-03', before: 0, now: 0 },
    ]);
    expect(everyDay(found, '1970-01-01T00:00:00Z', '2099-01-01T00:00:00Z')).toEqual(found);
  });

  it('names first the rules of which most comes and goes', () => {
    const sorted = byEffect([rule('same', 0), rule('little', 1), rule('much', 2, 3), { ...rule('new', 0), before: null }]);
    expect(sorted.map(({ title }) => title)).toEqual(['much', 'little', 'new', 'same']);
  });

  it('counts no rule that others join', () => {
    const rules = [rule('of its own', 0), { ...rule('joined', 0), rule_id: '' }, rule('joined by name', 0)];
    expect(raising(rules, new Set(['joined by name'])).map(({ title }) => title)).toEqual(['of its own']);
  });

  it('is of one draft and no other', () => {
    const draft = begin({ version: 1, files: [{ path: 'a_b/rule.yml', text: 'id: 1\n' }] });
    const other = put(draft, 'a_b/rule.yml', 'id: 2\n');
    expect(nameOf(other)).not.toBe(nameOf(draft));
    expect(nameOf(put(other, 'a_b/rule.yml', 'id: 1\n'))).toBe(nameOf(draft));
  });
});
