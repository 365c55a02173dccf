import { timelineKind } from '../../components/links';
import type { AlertSummary } from '../../lib/api/alerts';
import type { Schemas } from '../../lib/api/client';

export type CaseSubject = Pick<Schemas['AlertSubject'], 'kind' | 'value' | 'label'> & { alerts: AlertSummary[] };

/**
 * Whom and what the alerts of a case are about, each once, by kind: first what most of them name. Of an alert that its
 * reader may not see there is nothing here.
 */
export function subjectsOf(alerts: readonly AlertSummary[]): [kind: string, subjects: CaseSubject[]][] {
  const found = new Map<string, CaseSubject>();
  for (const alert of alerts)
    for (const { kind: named, value, label } of alert.subjects) {
      const kind = timelineKind(named) ?? named;
      const name = `${kind} ${value}`;
      const one = found.get(name) ?? { kind, value, label, alerts: [] };
      if (!one.alerts.includes(alert)) one.alerts.push(alert);
      found.set(name, one);
    }
  const byCount = [...found.values()].sort(
    (a, b) => b.alerts.length - a.alerts.length || (a.label < b.label ? -1 : a.label > b.label ? 1 : 0),
  );
  const kinds = [...new Set(byCount.map(({ kind }) => kind))];
  return kinds.map((kind) => [kind, byCount.filter((each) => each.kind === kind)]);
}
