import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { CaseLink } from '../../components/CaseLink';
import { Clocks } from '../../components/Clocks';
import { Facts } from '../../components/Facts';
import { timelineLink } from '../../components/links';
import { Meaning, Message, RuleWords } from '../../components/ServerWords';
import { Time } from '../../components/Time';
import { Unmask } from '../../components/Unmask';
import { useSource } from '../../components/useSource';
import { NamedValues } from '../../components/Value';
import type { Alert } from '../../lib/api/alerts';
import type { Schemas } from '../../lib/api/client';
import { useRule } from '../../lib/api/lists';
import { containerLabel } from '../../lib/containers';
import { wordOf, type Key } from '../../lib/i18n/text';
import { useMeaning } from '../../lib/i18n/useShipped';
import { useText } from '../../lib/i18n/useText';
import { namedBeside } from '../../lib/named';
import { duration } from '../../lib/time';
import { isPseudonym } from '../../lib/unmask';
import type { HoldAnswer } from './HoldDialog';
import { Holds } from './Holds';
import { Telling } from './Telling';

function Part({ name, note, children }: { name: Key; note?: ReactNode; children: ReactNode }) {
  const t = useText();
  return (
    <section>
      <h2>
        {t(name)} {note !== undefined && <small>{note}</small>}
      </h2>
      {children}
    </section>
  );
}

type OfAlert = { entry: Schemas['Evidence']; alert: Alert };

const fileName = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** What of the alert's facts an entry bears out. */
function Carried({ entry, alert }: OfAlert) {
  const t = useText();
  const say = useMeaning();
  if (entry.facts.length === 0) return null;
  const meaning = (name: string) => say(alert.facts.find((fact) => fact.name === name)?.sentence ?? '');
  return (
    <div className="source">
      {t('evidence.carries')}{' '}
      {entry.facts.map((name, index) => (
        <span key={name}>
          {index > 0 && ', '}
          <span className="fixed" title={meaning(name)}>
            {name}
          </span>
        </span>
      ))}
    </div>
  );
}

/** Whom a record names beside those whom the alert is about. */
function AlsoNamed({ entry, alert }: OfAlert) {
  const t = useText();
  const { subjects, alert_id } = alert.summary;
  const others = namedBeside(entry.fields ?? [], subjects);
  if (others.length === 0) return null;
  return (
    <div className="source">
      {t('evidence.names')}{' '}
      {others.map(({ kind, value }, index) => (
        <span key={index}>
          {index > 0 && ' · '}
          {wordOf(t, 'kind', kind)} <Link to={timelineLink(kind, value, alert_id)}>{containerLabel(value)}</Link>
          {isPseudonym(value) && (
            <>
              {' '}
              <Unmask pseudonym={value} />
            </>
          )}
        </span>
      ))}
    </div>
  );
}

function EvidenceEvent({ entry, alert }: OfAlert) {
  const t = useText();
  const { feedName, ownerName } = useSource();
  return (
    <li>
      <div className="what">
        <b>{entry.event_time && <Time at={entry.event_time} shape="second" />}</b>
        {!!entry.time_error_s && <span className="quiet small">±{duration(entry.time_error_s * 1000)}</span>}
        <span className="fixed">{entry.type}</span>
        <span className="quiet">
          <Meaning of={entry.sentence ?? ''} />
        </span>
      </div>
      <Clocks reported_at={entry.reported_at} received_at={entry.received_at} after={entry.event_time} />
      <div className="source">
        {feedName(entry.feed ?? '')}
        {entry.owner && ` · ${ownerName(entry.owner)}`}
        {entry.facility && ` · ${entry.facility}`}
        {' · '}
        <span className="fixed" title={entry.file}>
          {fileName(entry.file ?? '')}@{entry.offset}+{entry.size}
        </span>
      </div>
      <AlsoNamed entry={entry} alert={alert} />
      <Carried entry={entry} alert={alert} />
      {entry.fields && entry.fields.length > 0 && (
        <details>
          <summary>{t('evidence.record', { count: entry.fields.length })}</summary>
          <NamedValues values={entry.fields} />
        </details>
      )}
    </li>
  );
}

function EvidenceSearch({ entry, alert }: OfAlert) {
  const t = useText();
  return (
    <li className="search">
      <div className="what">
        <b>{t(entry.required ? 'evidence.required' : entry.unanswered ? 'evidence.searched' : 'evidence.nothing')}</b>
        <span className="fixed">{entry.required ?? entry.searched}</span>
        {entry.unanswered && <span className="tag open">{t(`evidence.unanswered.${entry.unanswered}`)}</span>}
        <span className="quiet">
          <Meaning of={entry.sentence ?? ''} />
        </span>
      </div>
      <div className="source">
        {entry.from && <Time at={entry.from} shape="second" />} –{' '}
        {entry.until && <Time at={entry.until} shape="second" />}
        {entry.feeds && entry.feeds.length > 0 && (
          <>
            {' · '}
            {t('evidence.answered_by')} <span className="fixed">{entry.feeds.map((by) => by.feed).join(', ')}</span>
          </>
        )}
      </div>
      <Carried entry={entry} alert={alert} />
    </li>
  );
}

function History({ decisions }: { decisions: Alert['decisions'] }) {
  const t = useText();
  return (
    <ul className="history">
      {decisions.map((decision) => (
        <li key={decision.decision_id} className={decision.undone ? 'undone' : ''}>
          <Time at={decision.at} />
          <b>{t(`decided.${decision.action}`)}</b>
          <span className="quiet">
            {decision.by.name || decision.by.login}
            {decision.assignee && ` → ${decision.assignee.name || decision.assignee.login}`}
          </span>
          {decision.reason_code && <span className="tag">{t(`reason.${decision.reason_code}`)}</span>}
          {decision.case_id && <CaseLink caseId={decision.case_id} />}
          {decision.reason && <span>{decision.reason}</span>}
        </li>
      ))}
    </ul>
  );
}

/** In the order of need: what to do, what it rests on, what would excuse it, what nobody could judge. */
export function DetailBody({
  alert,
  decides,
  onAnswer,
}: {
  alert: Alert;
  decides: boolean;
  onAnswer: (holdId: string, answer: HoldAnswer, reason: string) => Promise<void>;
}) {
  const t = useText();
  const { summary, telling } = alert;
  const rule = useRule(summary.rule_id);
  const isTold = telling.told.length > 0 || telling.asked.length > 0 || telling.acknowledged !== null;
  return (
    <div className="detail-body">
      {alert.actions.length > 0 && (
        <Part name="alert.do_now">
          <ol className="do-now">
            {alert.actions.map((action) => (
              <li key={action}>
                <RuleWords of={action} />
              </li>
            ))}
          </ol>
        </Part>
      )}
      {alert.holds.length > 0 && (
        <Part name="hold.title">
          <Holds holds={alert.holds} decides={decides} onAnswer={onAnswer} />
        </Part>
      )}
      {isTold && (
        <Part name="told.title">
          <Telling telling={alert.telling} />
        </Part>
      )}
      {alert.missing_inputs.length > 0 && (
        <Part name="alert.open_inputs" note={t('alert.open_inputs.note')}>
          <ul>
            {alert.missing_inputs.map((input) => (
              <li key={input.fact}>
                <span className="tag open">{wordOf(t, 'cause', input.cause)}</span>{' '}
                <Message of={input.sentence} /> <span className="fixed quiet small">{input.fact}</span>
              </li>
            ))}
          </ul>
        </Part>
      )}
      <Part name="alert.evidence" note={t('alert.matches', { count: summary.matches })}>
        <ol className="evidence">
          {alert.evidence.map((entry, index) =>
            entry.event_id ? (
              <EvidenceEvent key={index} entry={entry} alert={alert} />
            ) : (
              <EvidenceSearch key={index} entry={entry} alert={alert} />
            ),
          )}
        </ol>
        {alert.evidence_omitted > 0 && (
          <p className="quiet">{t('evidence.omitted', { count: alert.evidence_omitted })}</p>
        )}
      </Part>
      <Part name="alert.facts">
        <Facts facts={alert.facts} />
      </Part>
      {alert.innocent_causes.length > 0 && (
        <Part name="alert.rule_out" note={t('alert.rule_out.note')}>
          <ul className="rule-out">
            {alert.innocent_causes.map((cause) => (
              <li key={cause}>
                <RuleWords of={cause} />
              </li>
            ))}
          </ul>
        </Part>
      )}
      <Part name="alert.not_evaluated" note={t('alert.not_evaluated.note')}>
        {alert.not_evaluated.length === 0 ? (
          <p className="quiet">{t('alert.not_evaluated.none')}</p>
        ) : (
          <ul className="history">
            {alert.not_evaluated.map((entry, index) => (
              <li key={index}>
                <Link to={`/rules/${entry.rule_id}`}>
                  <RuleWords of={entry.title} />
                </Link>
                <span className="tag open">{wordOf(t, 'cause', entry.cause)}</span>
                {entry.events !== null && (
                  <span className="quiet">{t('count.events', { count: entry.events })}</span>
                )}
              </li>
            ))}
          </ul>
        )}
      </Part>
      <Part name="alert.history">
        {alert.decisions.length === 0 ? (
          <p className="quiet">{t('alert.history.none')}</p>
        ) : (
          <History decisions={alert.decisions} />
        )}
      </Part>
      <p className="quiet small">
        {t('alert.rule')}{' '}
        <Link to={`/rules/${summary.rule_id}`}>
          <RuleWords of={rule?.title ?? summary.title} />
        </Link>{' '}
        <span className="fixed">{summary.rule_version}</span> · {t('alert.id')}{' '}
        <span className="fixed">{summary.alert_id}</span> · {t('alert.revision')} {summary.revision}
      </p>
    </div>
  );
}
