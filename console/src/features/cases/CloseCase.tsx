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

type Given = { openTasks: number; onSend: (outcome: Outcome, reason: string) => Promise<void>; onClose: () => void };

export function CloseCase({ openTasks, onSend, onClose }: Given) {
  const t = useText();
  const [outcome, setOutcome] = useState<Outcome | ''>('');
  const [reason, setReason] = useDraft(`${useLocation().pathname} close`);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const send = async () => {
    if (outcome === '') return;
    setBusy(true);
    try {
      await onSend(outcome, reason.trim());
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
      disabled={outcome === '' || reason.trim() === ''}
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
    </FormDialog>
  );
}
