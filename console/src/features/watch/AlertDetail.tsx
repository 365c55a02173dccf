import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, type ReactNode, type RefObject } from 'react';
import { Link } from 'react-router-dom';
import { ActBefore, subjectsInOrder, TriageMark } from '../../components/AlertLine';
import { CaseLink } from '../../components/CaseLink';
import { Level } from '../../components/Level';
import { timelineKind, timelineLink } from '../../components/links';
import { RuleTags } from '../../components/RuleTags';
import { RuleWords } from '../../components/ServerWords';
import { Answer } from '../../components/States';
import { Age, Time } from '../../components/Time';
import { GroundContext, Unmask } from '../../components/Unmask';
import { alertQuery, type Alert, type AlertSummary } from '../../lib/api/alerts';
import { useRule } from '../../lib/api/lists';
import { containerLabel } from '../../lib/containers';
import { wordOf, type Key } from '../../lib/i18n/text';
import { useText } from '../../lib/i18n/useText';
import { otherContainers } from '../../lib/named';
import { useRested } from '../../lib/rested';
import { isPseudonym, type Ground } from '../../lib/unmask';
import { DetailBody } from './DetailBody';
import type { Asked } from './DecisionDialog';
import { isHoldable, type HoldAnswer } from './HoldDialog';
import { awaitsAnswer } from './useDecisions';

type Given = {
  alertId: string;
  heading: RefObject<HTMLHeadingElement | null>;
  decides: boolean;
  onAsk: (what: Asked, alert: AlertSummary) => void;
  onTake: (alert: AlertSummary) => void;
  onAcknowledge: (alert: AlertSummary) => void;
  onHold: (alert: AlertSummary) => void;
  onAnswer: (holdId: string, answer: HoldAnswer, reason: string) => Promise<void>;
  onUndo: (alert: AlertSummary) => void;
  onClose: () => void;
  onShown: (alert: AlertSummary) => void;
};

function Grounded({ alert_id, title, children }: Ground & { children: ReactNode }) {
  const grounds = useMemo(() => [{ alert_id, title }], [alert_id, title]);
  return <GroundContext.Provider value={grounds}>{children}</GroundContext.Provider>;
}

type Named = { kind: string; value: string; label: string; alertId: string };

function SubjectName({ kind, value, label, alertId }: Named) {
  const leads = timelineKind(kind);
  return leads ? <Link to={timelineLink(leads, value, alertId)}>{label}</Link> : <b>{label}</b>;
}

function Subjects({ alert }: { alert: Alert }) {
  const t = useText();
  const { alert_id, subjects } = alert.summary;
  return (
    <div className="subjects">
      {subjectsInOrder(subjects).map(({ role, kind, value, label }, index) => (
        <div key={index}>
          <span className="quiet small">
            {t(`role_in.${role}`)} · {wordOf(t, 'kind', kind)}
          </span>
          <span className="nowrap">
            <SubjectName kind={kind} value={value} label={label} alertId={alert_id} />{' '}
            {isPseudonym(value) && <Unmask pseudonym={value} />}
          </span>
        </div>
      ))}
      {otherContainers(alert).map(({ kind, value }) => (
        <div key={value}>
          <span className="quiet small">
            {t('role_in.records')} · {wordOf(t, 'kind', kind)}
          </span>
          <Link className="nowrap" to={timelineLink(kind, value, alert_id)}>
            {containerLabel(value)}
          </Link>
        </div>
      ))}
    </div>
  );
}

/** What the rule looks for. */
function Why({ ruleId }: { ruleId: string }) {
  const rule = useRule(ruleId);
  return rule ? (
    <p className="why">
      <RuleWords of={rule.description} />
    </p>
  ) : null;
}

function Cases({ of }: { of: string[] }) {
  const t = useText();
  if (of.length === 0) return null;
  return (
    <p className="row wrap small">
      <span className="quiet">{t('alert.in_cases', { count: of.length })}</span>
      {of.map((caseId) => (
        <CaseLink key={caseId} caseId={caseId} />
      ))}
    </p>
  );
}

function Actions({ alert, given }: { alert: Alert; given: Given }) {
  const t = useText();
  const { summary, telling } = alert;
  const { state } = summary.triage;
  const ask = (what: Asked) => () => given.onAsk(what, summary);
  const acknowledge = () => given.onAcknowledge(summary);
  const offered: { key: string; name: Key; run: () => void; shown: boolean; first?: boolean }[] = [
    { key: 'y', name: 'told.acknowledge', run: acknowledge, shown: awaitsAnswer(telling), first: true },
    { key: 't', name: 'decision.take', run: () => given.onTake(summary), shown: state === 'new', first: true },
    { key: 'd', name: 'decision.dismiss', run: ask('dismiss'), shown: state !== 'dismissed' },
    { key: 'r', name: 'decision.reopen', run: ask('reopen'), shown: state === 'dismissed', first: true },
    { key: 'a', name: 'decision.act', run: ask('act'), shown: true },
    { key: 'h', name: 'hold.ask', run: () => given.onHold(summary), shown: isHoldable(summary) },
    { key: 'c', name: 'decision.add_to_case', run: ask('add_to_case'), shown: true },
    { key: 'o', name: 'decision.assign', run: ask('assign'), shown: state === 'new' || state === 'taken' },
    { key: 'n', name: 'decision.note', run: ask('note'), shown: true },
    {
      key: 'u',
      name: 'decision.undo',
      run: () => given.onUndo(summary),
      shown: alert.decisions.some((decision) => decision.can_undo),
    },
  ];
  return (
    <div className="row wrap no-print">
      {offered
        .filter(({ shown }) => shown)
        .map(({ key, name, run, first }) => (
          <button key={key} className={first ? 'button primary' : 'button'} onClick={run}>
            {t(name)} <kbd aria-hidden="true">{key}</kbd>
          </button>
        ))}
    </div>
  );
}

export function AlertDetail(given: Given) {
  const t = useText();
  const { alertId, heading, onClose, onShown } = given;
  // Moving through the list must not look up, and record, each alert that is passed on the way.
  const rested = useRested(alertId);
  const answer = useQuery(alertQuery(rested));
  const shown = answer.data?.summary;
  useEffect(() => {
    if (shown) onShown(shown);
    // The revision is what was looked at; onShown itself is new with each render.
  }, [shown?.alert_id, shown?.revision]);
  return (
    <aside className="detail" aria-label={t('alert.detail')} tabIndex={0}>
      <Answer of={answer} way={{ text: 'alert.back', go: onClose }}>
        {(alert) => (
          <Grounded {...alert.summary}>
            <header className="detail-head">
              <div className="row wrap">
                <Level level={alert.summary.level} />
                <RuleTags {...alert.summary} />
                <span className={alert.summary.status === 'final' ? 'tag' : 'tag open'}>
                  {t(`status.${alert.summary.status}`)}
                </span>
                <TriageMark of={alert.summary} />
                <span className="grow" />
                <button className="button plain no-print" onClick={onClose}>
                  <span aria-hidden="true">✕</span> <span className="hidden">{t('action.close')}</span> <kbd>Esc</kbd>
                </button>
              </div>
              <h1 ref={heading} tabIndex={-1}>
                <RuleWords of={alert.summary.title} />
              </h1>
              <Why ruleId={alert.summary.rule_id} />
              <div className="row wrap small">
                <span>
                  <span className="quiet">{t('clock.event_time')} </span>
                  <Time at={alert.summary.event_time} shape="second" /> <Age at={alert.summary.event_time} />
                </span>
                <span>
                  <span className="quiet">{t('alert.knowable_at')} </span>
                  <Time at={alert.summary.knowable_at} />
                </span>
                <ActBefore at={alert.summary.act_before} />
              </div>
              <Subjects alert={alert} />
              <Cases of={alert.summary.triage.case_ids} />
              {given.decides && <Actions alert={alert} given={given} />}
            </header>
            <DetailBody alert={alert} decides={given.decides} onAnswer={given.onAnswer} />
          </Grounded>
        )}
      </Answer>
    </aside>
  );
}
