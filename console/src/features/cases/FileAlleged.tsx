import { useQuery } from '@tanstack/react-query';
import { subjectsInOrder } from '../../components/AlertLine';
import { Facts } from '../../components/Facts';
import { Level } from '../../components/Level';
import { RuleWords } from '../../components/ServerWords';
import type { Alert } from '../../lib/api/alerts';
import { rulesQuery } from '../../lib/api/lists';
import { wordOf } from '../../lib/i18n/text';
import { useText } from '../../lib/i18n/useText';
import { doneWith } from './custody';
import { Links } from './FileCustody';
import { At, EachAlert, Part, Rows } from './FileParts';

/** What the rule looks for, if it still is the version that judged. */
function Description({ summary }: { summary: Alert['summary'] }) {
  const rules = useQuery(rulesQuery);
  const rule = rules.data?.items.find(({ rule_id }) => rule_id === summary.rule_id);
  if (rule?.version !== summary.rule_version) return null;
  return (
    <p>
      <RuleWords of={rule.description} />
    </p>
  );
}

function Subjects({ subjects }: { subjects: Alert['summary']['subjects'] }) {
  const t = useText();
  return (
    <ul>
      {subjectsInOrder(subjects).map(({ role, kind, label }, index) => (
        <li key={index}>
          <b>{label}</b>{' '}
          <span className="quiet">
            {t(`role_in.${role}`)} · {wordOf(t, 'kind', kind)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function One({ alert, label }: { alert: Alert; label: string }) {
  const t = useText();
  const { summary } = alert;
  const done = doneWith(alert, label);
  return (
    <>
      <p className="row wrap">
        <Level level={summary.level} />
        <span className={summary.status === 'final' ? 'tag' : 'tag open'}>{t(`status.${summary.status}`)}</span>
        {[summary.invariant, ...summary.mo].filter(Boolean).map((word) => (
          <span key={word} className="tag">
            {word}
          </span>
        ))}
      </p>
      <Description summary={summary} />
      <Rows
        of={[
          ['clock.event_time', <At at={summary.event_time} />],
          ['file.last_event', summary.last_event_time !== summary.event_time && <At at={summary.last_event_time} />],
          ['alert.knowable_at', <At at={summary.knowable_at} />],
          ['file.subjects', <Subjects subjects={summary.subjects} />],
          ['file.exception', summary.suppressed && `${summary.suppressed.owner}: ${summary.suppressed.reason}`],
          [
            'alert.rule',
            <span className="fixed">
              {summary.rule_id} · {summary.rule_version}
            </span>,
          ],
          [
            'alert.id',
            <span className="fixed">
              {summary.alert_id} · {t('alert.revision')} {summary.revision}
            </span>,
          ],
        ]}
      />
      <h4>{t('alert.facts')}</h4>
      <Facts facts={alert.facts} shape="full" />
      {alert.innocent_causes.length > 0 && (
        <>
          <h4>{t('file.rule_out')}</h4>
          <ul className="file-list">
            {alert.innocent_causes.map((cause) => (
              <li key={cause}>
                <RuleWords of={cause} />
              </li>
            ))}
          </ul>
        </>
      )}
      <h4>{t('file.done')}</h4>
      {done.length === 0 ? (
        <p>{t('alert.history.none')}</p>
      ) : (
        <Links links={done} name={`${label} ${t('file.done')}`} />
      )}
    </>
  );
}

export function Alleged({ alerts }: { alerts: Alert[] }) {
  const t = useText();
  return (
    <Part name="file.alleged" lead="file.alleged.lead">
      {alerts.length === 0 && <p>{t('file.alleged.none')}</p>}
      <EachAlert alerts={alerts}>{(alert, label) => <One alert={alert} label={label} />}</EachAlert>
    </Part>
  );
}
