import { Link } from 'react-router-dom';
import type { AlertSummary } from '../lib/api/alerts';
import type { Schemas } from '../lib/api/client';
import { useText } from '../lib/i18n/useText';
import { useNow } from '../lib/now';
import { Level } from './Level';
import { timelineKind, timelineLink } from './links';
import { outcomeText } from './outcome';
import { RuleTags } from './RuleTags';
import { RuleWords } from './ServerWords';
import { Age, Time } from './Time';

const kOrder = { about: 0, acted: 1, mentioned: 2 };

/** About first: the box is what the eye looks for. */
export const subjectsInOrder = (subjects: readonly Schemas['AlertSubject'][]) =>
  [...subjects].sort((a, b) => kOrder[a.role] - kOrder[b.role]);

/** Where the work on it stands: what came of it once its case is closed. */
export function TriageMark({ of: { triage, outcome } }: { of: Pick<AlertSummary, 'triage' | 'outcome'> }) {
  const t = useText();
  if (outcome.startsWith('closed.')) return <span className="triage closed">{outcomeText(t, outcome)}</span>;
  return (
    <span className={`triage ${triage.state}`}>
      {t(`triage.${triage.state}`)}
      {triage.owner && triage.state !== 'dismissed' && (
        <span className="quiet"> · {triage.owner.name || triage.owner.login}</span>
      )}
    </span>
  );
}

/** Nearer than this the hour alone is plain. */
const kNear = 20 * 3_600_000;

/** What must be done before when; struck out once it is too late. */
export function ActBefore({ at }: { at: string | null }) {
  const t = useText();
  const now = useNow();
  if (at === null) return null;
  const over = Date.parse(at) < now;
  const isFar = Math.abs(Date.parse(at) - now) > kNear;
  return (
    <span className={over ? 'act-before over' : 'act-before'}>
      {t(over ? 'alert.was_before' : 'alert.act_before')} <Time at={at} shape={isFar ? 'minute' : 'time'} />{' '}
      <Age at={at} />
    </span>
  );
}

type Given = {
  alert: AlertSummary;
  mark?: string | undefined;
  /** Where the line leads; then its subjects lead to their timelines. A list with keys of its own has no links. */
  to?: string;
};

function Subject({ of: { role, kind, value, label }, alertId }: { of: Schemas['AlertSubject']; alertId?: string }) {
  const leads = timelineKind(kind);
  const link = alertId && leads ? timelineLink(leads, value, alertId) : undefined;
  return (
    <span className={role === 'about' ? 'about' : 'quiet'}>{link ? <Link to={link}>{label}</Link> : label}</span>
  );
}

/** One alert in a list: the same everywhere. */
export function AlertLine({ alert, mark, to }: Given) {
  const t = useText();
  const subjects = subjectsInOrder(alert.subjects);
  return (
    <div className={`alert-line ${alert.status}`}>
      <span className={`changed ${mark ? 'on' : ''}`}>{mark && <span className="hidden">{mark}</span>}</span>
      <Level level={alert.level} />
      <span className="alert-main">
        <span className="alert-title clip">
          {to ? (
            <Link className="whole-line" to={to}>
              <RuleWords of={alert.title} />
            </Link>
          ) : (
            <RuleWords of={alert.title} />
          )}
        </span>
        <span className="alert-subjects clip">
          {subjects.map((subject, index) => (
            <Subject key={index} of={subject} {...(to && { alertId: alert.alert_id })} />
          ))}
        </span>
      </span>
      <span className="alert-tags">
        <RuleTags invariant={alert.invariant} />
        {alert.status !== 'final' && <span className="tag open">{t(`status.${alert.status}`)}</span>}
      </span>
      <span className="alert-triage">
        <TriageMark of={alert} />
        <ActBefore at={alert.act_before} />
      </span>
      <span className="alert-when">
        <Time at={alert.event_time} />
        <Age at={alert.event_time} />
      </span>
    </div>
  );
}
