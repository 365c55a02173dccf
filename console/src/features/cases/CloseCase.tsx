import { useState } from 'react';
import { useLocation } from 'react-router-dom';
import { FormDialog } from '../../components/Dialog';
import { Refused } from '../../components/Reason';
import type { Schemas } from '../../lib/api/client';
import type { Key } from '../../lib/i18n/text';
import { useDraft } from '../../lib/drafts';
import { useText } from '../../lib/i18n/useText';

type Outcome = Schemas['Outcome'];

/** Beyond conviction and short of guilt, each with its own heading: an outcome is not a score. */
const kGroups: [Key, readonly Outcome[]][] = [
  ['outcome_group.crime', ['conviction', 'prosecution', 'seizure', 'disruption']],
  ['outcome_group.measure', ['administrative_closure', 'licence_measure', 'port_ban', 'asset_measure', 'civil_claim']],
  ['outcome_group.no_guilt', ['mistake_put_right', 'system_fault', 'witness_only', 'cleared', 'no_finding']],
];

type Step = Schemas['NewCaseStep'];
type Given = {
  openTasks: number;
  /** Names of the organisations that handed it on. */
  givers: string[];
  onSend: (step: Step) => Promise<void>;
  onClose: () => void;
};

/** Whether somebody who is cleared was told so, and how, or why not. */
function Told(given: { told: string; how: string; onTold: (told: string) => void; onHow: (how: string) => void }) {
  const t = useText();
  const { told, how, onTold, onHow } = given;
  return (
    <>
      <label className="field">
        <span>{t('told_so.asked')}</span>
        <select className="input" value={told} onChange={(event) => onTold(event.target.value)}>
          <option value="">{t('told_so.choose')}</option>
          <option value="yes">{t('told_so.yes')}</option>
          <option value="no">{t('told_so.no')}</option>
        </select>
      </label>
      {told !== '' && (
        <label className="field">
          <span>{t(told === 'yes' ? 'told_so.how' : 'told_so.why_not')}</span>
          <textarea
            className="input"
            maxLength={2000}
            required
            value={how}
            onChange={(event) => onHow(event.target.value)}
          />
          <small>{t('decision.reason.no_names')}</small>
        </label>
      )}
    </>
  );
}

export function CloseCase({ openTasks, givers, onSend, onClose }: Given) {
  const t = useText();
  const { pathname } = useLocation();
  const [outcome, setOutcome] = useState<Outcome | ''>('');
  const [reason, setReason] = useDraft(`${pathname} close`);
  const [feedback, setFeedback] = useDraft(`${pathname} feedback`);
  const [how, setHow] = useDraft(`${pathname} told`);
  const [told, setTold] = useState('');
  const isCleared = outcome === 'cleared';
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const send = async () => {
    if (outcome === '') return;
    setBusy(true);
    try {
      await onSend({
        action: 'close',
        outcome,
        reason: reason.trim(),
        ...(isCleared && { told: told === 'yes', told_how: how.trim() }),
        ...(givers.length > 0 && feedback.trim() !== '' && { feedback: feedback.trim() }),
      });
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <FormDialog
      title={t('case.close')}
      lead={openTasks > 0 ? t('case.close.open_tasks', { count: openTasks }) : undefined}
      send={t('case.close')}
      busy={busy}
      disabled={outcome === '' || reason.trim() === '' || (isCleared && (told === '' || how.trim() === ''))}
      onSend={() => void send()}
      onClose={onClose}
      problem={<Refused error={error} />}
    >
      <label className="field">
        <span>{t('case.outcome')}</span>
        <select
          className="input"
          autoFocus
          value={outcome}
          onChange={(event) => setOutcome(event.target.value as Outcome)}
        >
          <option value="">{t('case.outcome.choose')}</option>
          {kGroups.map(([name, outcomes]) => (
            <optgroup key={name} label={t(name)}>
              {outcomes.map((each) => (
                <option key={each} value={each}>
                  {t(`outcome.${each}`)}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
      <label className="field">
        <span>{t('decision.reason')}</span>
        <textarea
          className="input"
          maxLength={2000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <small>{t('decision.reason.hint')}</small>
      </label>
      {isCleared && <Told told={told} how={how} onTold={setTold} onHow={setHow} />}
      {givers.length > 0 && (
        <label className="field">
          <span>{t('feedback.for', { names: givers.join(', ') })}</span>
          <textarea
            className="input"
            maxLength={2000}
            value={feedback}
            onChange={(event) => setFeedback(event.target.value)}
          />
          <small>{t('feedback.hint')}</small>
        </label>
      )}
    </FormDialog>
  );
}
