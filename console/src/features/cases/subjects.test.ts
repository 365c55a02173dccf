import { describe, expect, it } from 'vitest';
import type { AlertSummary } from '../../lib/api/alerts';
import { subjectsOf } from './subjects';

const alert = (alert_id: string, ...subjects: [kind: string, value: string][]) =>
  ({
    alert_id,
    subjects: subjects.map(([kind, value]) => ({ role: 'about', kind, value, label: `the ${value}` })),
  }) as unknown as AlertSummary;

describe('subjects of a case', () => {
  it('are named once each, by kind, first what most alerts name', () => {
    const found = subjectsOf([
      alert('1', ['container', 'B'], ['party', 'P'], ['party', 'P']),
      alert('2', ['container', 'A'], ['party', 'P']),
      alert('3', ['container', 'A']),
    ]);
    expect(found.map(([kind, all]) => [kind, ...all.map(({ label, alerts }) => `${label} ${alerts.length}`)])).toEqual([
      ['container', 'the A 2', 'the B 1'],
      ['party', 'the P 2'],
    ]);
  });

  it('of the same name are two where they are of two kinds', () => {
    expect(subjectsOf([alert('1', ['zone', 'GATE'], ['equipment', 'GATE'])])).toHaveLength(2);
    expect(subjectsOf([alert('1', ['account', 'A'], ['lookup.account', 'A'])])).toHaveLength(1);
    expect(subjectsOf([])).toEqual([]);
  });
});
