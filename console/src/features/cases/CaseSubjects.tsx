import { useMemo } from 'react';
import { Link } from 'react-router-dom';
import { timelineKind, timelineLink } from '../../components/links';
import { GroundContext, Unmask } from '../../components/Unmask';
import type { Schemas } from '../../lib/api/client';
import { wordOf } from '../../lib/i18n/text';
import { useText } from '../../lib/i18n/useText';
import { isPseudonym } from '../../lib/unmask';
import { subjectsOf, type CaseSubject } from './subjects';

/** A pseudonym may be asked for on the ground of the case, with any of its alerts that name it. */
function Subject({ of: { kind, value, label, alerts }, caseId }: { of: CaseSubject; caseId: string }) {
  const t = useText();
  const grounds = useMemo(
    () => alerts.map(({ alert_id, title }) => ({ alert_id, title, case_id: caseId })),
    [alerts, caseId],
  );
  const leads = timelineKind(kind);
  const only = alerts.length === 1 ? alerts[0]!.alert_id : undefined;
  return (
    <li className="nowrap">
      {leads ? <Link to={timelineLink(leads, value, only)}>{label}</Link> : <b>{label}</b>}{' '}
      {isPseudonym(value) && (
        <GroundContext.Provider value={grounds}>
          <Unmask pseudonym={value} />
        </GroundContext.Provider>
      )}
      {alerts.length > 1 && <span className="quiet small"> {t('case.subject.in', { count: alerts.length })}</span>}
    </li>
  );
}

/** Whom and what the alerts of the case are about; each leads to its timeline. */
export function CaseSubjects({ one }: { one: Schemas['Case'] }) {
  const t = useText();
  const kinds = useMemo(() => subjectsOf(one.alerts), [one.alerts]);
  if (kinds.length === 0) return null;
  return (
    <section className="card" aria-label={t('case.subjects')}>
      <header>
        <h2>{t('case.subjects')}</h2>
      </header>
      <dl className="pad case-subjects">
        {kinds.map(([kind, subjects]) => (
          <div key={kind}>
            <dt className="quiet">{wordOf(t, 'kind', kind)}</dt>
            <dd>
              <ul>
                {subjects.map((subject) => (
                  <Subject key={subject.value} of={subject} caseId={one.summary.case_id} />
                ))}
              </ul>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
