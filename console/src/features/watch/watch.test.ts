import { describe, expect, it } from 'vitest';
import { readFilter, toggled, writeFilter } from './filter';
import { changeSince, withAll, withOpened, withoutAll, type Looked } from './looked';
import { intoCase } from './useDecisions';
import type { Alert, AlertSummary } from '../../lib/api/alerts';

const read = (text: string) => readFilter(new URLSearchParams(text));

describe('filter in the address', () => {
  it('shows what waits when nothing is said', () => {
    expect(read('').state).toEqual(['new', 'taken']);
    expect(writeFilter(new URLSearchParams(), read('')).toString()).toBe('');
  });

  it('comes back as it went, and leaves the open alert alone', () => {
    const text = 'alert=77&level=critical%2Chigh&owner=me&q=qzbu&state=dismissed';
    const out = writeFilter(new URLSearchParams('alert=77'), read(text));
    out.sort();
    expect(out.toString()).toBe(text);
    const figure = 'facility=SIKOP%2FKTV&from=2026-03-01T00%3A00%3A00Z&outcome=dismissed.other&state=all';
    expect(writeFilter(new URLSearchParams(), read(figure)).toString().split('&').sort().join('&')).toBe(figure);
    expect(writeFilter(new URLSearchParams(), { ...read(''), state: [] }).toString()).toBe('state=all');
    expect(read('state=all').state).toEqual([]);
  });

  it('ignores words that are none', () => {
    expect(read('state=new,nonsense&level=loud')).toMatchObject({ state: ['new'], level: [] });
  });

  it('turns one on and off in the order of the list', () => {
    expect(toggled(['c'], 'a', ['a', 'b', 'c'])).toEqual(['a', 'c']);
    expect(toggled(['a', 'c'], 'a', ['a', 'b', 'c'])).toEqual(['c']);
  });
});

describe('what changed since one looked', () => {
  const alert = (id: string, revision: number, changed_at: string) =>
    ({ alert_id: id, revision, changed_at, status: 'final' }) as AlertSummary;
  const looked: Looked = { until: '2026-03-12T20:00:00Z', opened: { b: 2 } };

  it('counts by the time the site told it, and by revisions that were opened', () => {
    expect(changeSince(alert('a', 1, '2026-03-12T19:00:00Z'), looked)).toBeUndefined();
    expect(changeSince(alert('a', 1, '2026-03-12T21:00:00Z'), looked)).toBe('raised');
    expect(changeSince(alert('b', 2, '2026-03-12T21:00:00Z'), looked)).toBeUndefined();
    expect(changeSince(alert('b', 3, '2026-03-12T21:00:00Z'), looked)).toBe('revised');
    expect(changeSince(alert('d', 3, '2026-03-12T21:00:00Z'), { until: '', opened: {} })).toBe('raised');
    expect(changeSince({ ...alert('c', 2, '2026-03-12T21:00:00Z'), status: 'withdrawn' }, looked)).toBe('withdrawn');
  });

  it('remembers all up to the latest, and few of the opened ones', () => {
    expect(withAll(looked, [alert('a', 1, '2026-03-13T01:00:00Z'), alert('b', 1, '2026-03-12T01:00:00Z')])).toEqual({
      until: '2026-03-13T01:00:00Z',
      opened: {},
    });
    const marked = withAll(looked, [alert('a', 1, '2026-03-13T01:00:00Z')]);
    expect(withoutAll(looked, withOpened(marked, 'c', 3))).toEqual({ until: looked.until, opened: { b: 2, c: 3 } });
    let many = looked;
    for (let index = 0; index < 600; index += 1) many = withOpened(many, `x${index}`, 1);
    expect(Object.keys(many.opened)).toHaveLength(500);
    expect(many.opened.x599).toBe(1);
  });
});

describe('the decision that opening a case made', () => {
  const made = (decision_id: string, action: string, more = {}) => ({ decision_id, action, undone: false, ...more });
  const took = made('d-1', 'take');
  const put = made('d-2', 'add_to_case', { case_id: 'c-1' });
  const into = (...decisions: object[]) =>
    intoCase({ decisions } as Pick<Alert, 'decisions'>, 'c-1')?.decision_id;

  it.each([
    ['the one that names it', [took, put], 'd-2'],
    ['not the last one, which a colleague made', [put, made('d-3', 'note')], 'd-2'],
    ['none where only older ones are there', [took], undefined],
    ['none where it went into another case', [made('d-4', 'add_to_case', { case_id: 'c-2' })], undefined],
    ['none that was undone', [{ ...put, undone: true }], undefined],
  ])('is %s', (_, decisions, expected) => expect(into(...decisions)).toBe(expected));
});
