import { describe, expect, it } from 'vitest';
import type { AlertFilter, AlertSummary } from './api/alerts';
import { withChange } from './live';
import { byUrgency, isListed } from './queue';

const base: AlertSummary = {
  alert_id: 'a',
  revision: 1,
  status: 'final',
  rule_id: 'r',
  rule_version: '',
  invariant: 'I6',
  mo: [],
  direction: 'inbound',
  title: 'Collection by a stranger',
  level: 'high',
  subjects: [{ role: 'about', kind: 'container', value: 'QZBU2876950', label: 'QZBU 287695-0' }],
  event_time: '2026-03-12T12:17:00Z',
  last_event_time: '2026-03-12T12:17:00Z',
  knowable_at: '2026-03-12T13:00:00Z',
  facility: 'SIKOP/KTV',
  act_before: null,
  matches: 1,
  raised_at: '2026-03-12T13:00:00Z',
  outcome: 'open.new',
  changed_at: '2026-03-12T13:00:00Z',
  triage: { state: 'new', owner: null, since: null, case_ids: [] },
};
const anyone: AlertFilter = {
  state: [],
  level: [],
  status: [],
  owner: '',
  rule_id: '',
  q: '',
  facility: '',
  outcome: '',
  raised_from: '',
  raised_until: '',
};
const me = { id: 'u-1', login: 'me', name: 'Me' };

describe('byUrgency', () => {
  it('puts level first, then what must be acted on, then the newest', () => {
    const rows: AlertSummary[] = [
      { ...base, alert_id: 'old', event_time: '2026-03-11T00:00:00Z' },
      { ...base, alert_id: 'new' },
      { ...base, alert_id: 'later', act_before: '2026-03-13T12:00:00Z' },
      { ...base, alert_id: 'sooner', act_before: '2026-03-13T06:00:00Z' },
      { ...base, alert_id: 'critical', level: 'critical', event_time: '2026-03-01T00:00:00Z' },
      { ...base, alert_id: 'low', level: 'low', act_before: '2026-03-13T05:00:00Z' },
    ];
    expect(rows.sort(byUrgency).map((row) => row.alert_id)).toEqual([
      'critical',
      'sooner',
      'later',
      'new',
      'old',
      'low',
    ]);
  });

  it('is the same whatever the order before', () => {
    const rows = [
      { ...base, alert_id: 'b' },
      { ...base, alert_id: 'a' },
    ];
    expect(rows.sort(byUrgency).map((row) => row.alert_id)).toEqual(['a', 'b']);
  });
});

describe('isListed', () => {
  it('follows a key figure to what makes it up', () => {
    const listed = (part: Partial<AlertFilter>) => isListed(base, { ...anyone, ...part }, me.id);
    expect(listed({ outcome: 'open' })).toBe(true);
    expect(listed({ outcome: 'open.new' })).toBe(true);
    expect(listed({ outcome: 'open.taken' })).toBe(false);
    expect(listed({ outcome: 'op' })).toBe(false);
    expect(listed({ facility: 'SIKOP/KTV' })).toBe(true);
    expect(listed({ facility: 'HRPLE/QXT' })).toBe(false);
    expect(listed({ raised_from: '2026-03-12T13:00:00.000Z' })).toBe(true);
    expect(listed({ raised_until: '2026-03-12T13:00:00.000Z' })).toBe(false);
  });

  it('forgives blanks, dashes and case', () => {
    expect(isListed(base, { ...anyone, q: 'qzbu2876950' }, me.id)).toBe(true);
    expect(isListed(base, { ...anyone, q: '287695-0' }, me.id)).toBe(true);
    expect(isListed(base, { ...anyone, q: 'stranger' }, me.id)).toBe(true);
    expect(isListed(base, { ...anyone, q: 'TRHU' }, me.id)).toBe(false);
  });

  it('knows mine, and nobody', () => {
    const mine = { ...base, triage: { ...base.triage, owner: me } };
    expect(isListed(mine, { ...anyone, owner: 'me' }, me.id)).toBe(true);
    expect(isListed(base, { ...anyone, owner: 'me' }, me.id)).toBe(false);
    expect(isListed(mine, { ...anyone, owner: 'none' }, me.id)).toBe(false);
  });
});

describe('withChange', () => {
  const page = {
    items: [base, { ...base, alert_id: 'b' }],
    counts: { all: 2, by_state: {}, by_level: {} },
    next_cursor: null,
  };
  const data = { pages: [page], pageParams: [null] };
  const waiting: AlertFilter = { ...anyone, state: ['new', 'taken'] };
  const ids = (change: AlertSummary) =>
    withChange(data, waiting, { kind: 'decision', alert: change }, me.id).pages.flatMap((p) =>
      p.items.map((i) => i.alert_id),
    );

  it('replaces in place, takes out, puts in', () => {
    expect(ids({ ...base, triage: { ...base.triage, state: 'taken' } })).toEqual(['a', 'b']);
    expect(ids({ ...base, triage: { ...base.triage, state: 'dismissed' } })).toEqual(['b']);
    expect(ids({ ...base, alert_id: 'c' })).toEqual(['c', 'a', 'b']);
    expect(ids({ ...base, alert_id: 'c', triage: { ...base.triage, state: 'dismissed' } })).toEqual(['a', 'b']);
  });

  it('does not go back to an older revision', () => {
    const newer = { pages: [{ ...page, items: [{ ...base, revision: 3 }] }], pageParams: [null] };
    expect(
      withChange(newer, waiting, { kind: 'revised', alert: { ...base, revision: 2 } }, me.id).pages[0]
        ?.items[0]?.revision,
    ).toBe(3);
  });
});
