import { Link } from 'react-router-dom';
import { Time } from '../../components/Time';
import type { Schemas } from '../../lib/api/client';
import { useRuleText } from '../../lib/i18n/useShipped';
import { useText } from '../../lib/i18n/useText';
import type { OnStep } from './CaseAlerts';

type Case = Schemas['Case'];
type Merge = Schemas['CaseMerge'];

/** What was put to this case since the other went in: it is not taken out with that. */
function Stays({ one, merge }: { one: Case; merge: Merge }) {
  const t = useText();
  const say = useRuleText();
  const { alert_ids, task_ids, attachment_ids, notes } = merge.added;
  const files = one.attachments.filter(({ attachment_id }) => attachment_ids.includes(attachment_id));
  const names = [
    ...one.alerts.filter(({ alert_id }) => alert_ids.includes(alert_id)).map(({ title }) => say(title)),
    ...one.tasks.filter(({ task_id }) => task_ids.includes(task_id)).map((task) => task.text || t('case.withheld')),
    ...files.map(({ name }) => name || t('case.withheld')),
    ...(notes > 0 ? [t('case.merge.notes', { count: notes })] : []),
  ];
  if (names.length === 0) return null;
  return (
    <>
      <p className="quiet">{t(merge.undone ? 'case.merge.stayed' : 'case.merge.stays')}</p>
      <ul>
        {names.map((name, index) => (
          <li key={index}>{name}</li>
        ))}
      </ul>
    </>
  );
}

/** Cases that went into this one, and the way to take them out again. */
export function Merges({ one, busy, onStep }: { one: Case; busy: boolean; onStep: OnStep }) {
  const t = useText();
  if (one.merges.length === 0) return null;
  return (
    <section className="card">
      <header>
        <h2>{t('case.merges')}</h2>
      </header>
      <ul className="steps merges">
        {one.merges.map((merge) => (
          <li key={merge.at + merge.case_id}>
            <Time at={merge.at} />
            <div>
              {merge.title === null ? (
                <span className="quiet">{t('case.merge.unread')}</span>
              ) : (
                <Link to={`/cases/${merge.case_id}`}>{merge.title}</Link>
              )}{' '}
              <span className="quiet">{merge.by.name || merge.by.login}</span>
              {merge.undone && (
                <p>
                  {t('case.merge.undone')} <Time at={merge.undone.at} />{' '}
                  <span className="quiet">{merge.undone.by.name || merge.undone.by.login}</span>
                </p>
              )}
              <Stays one={one} merge={merge} />
            </div>
            {merge.can_undo && (
              <button
                className="button no-print"
                aria-label={t('case.merge.undo', { title: merge.title ?? merge.case_id })}
                disabled={busy}
                onClick={() => void onStep({ action: 'undo_merge', other: merge.case_id })}
              >
                {t('decision.undo')}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
