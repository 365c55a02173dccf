import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { FormDialog } from '../../components/Dialog';
import { subjectsInOrder } from '../../components/AlertLine';
import { Answer, useProblemText } from '../../components/States';
import type { AlertSummary } from '../../lib/api/alerts';
import type { Schemas } from '../../lib/api/client';
import { casesQuery } from '../../lib/api/lists';
import { useText } from '../../lib/i18n/useText';

type NewDecision = Schemas['NewDecision'];
type ReasonCode = Schemas['ReasonCode'];
export type Asked = 'dismiss' | 'act' | 'note' | 'reopen' | 'add_to_case';

const kReasons: readonly ReasonCode[] = [
  'innocent_explained',
  'mistake_put_right',
  'data_error',
  'system_fault',
  'duplicate',
  'known_test',
  'other',
];

type Given = {
  what: Asked;
  alert: AlertSummary;
  onSend: (body: NewDecision) => Promise<void>;
  onNewCase: (title: string) => Promise<void>;
  onClose: () => void;
};

/** Why it is dismissed: a word to count by (keys 1 to 7) and a sentence for whoever reads it later. */
function ReasonCodes({ chosen, onChoose }: { chosen: ReasonCode | undefined; onChoose: (code: ReasonCode) => void }) {
  const t = useText();
  return (
    <fieldset className="reasons">
      <legend>{t('dismiss.reason_code')}</legend>
      {kReasons.map((code, index) => (
        <label key={code}>
          <input
            type="radio"
            name="reason_code"
            autoFocus={index === 0}
            checked={chosen === code}
            onChange={() => onChoose(code)}
          />
          <kbd>{index + 1}</kbd>
          {t(`reason.${code}`)}
        </label>
      ))}
    </fieldset>
  );
}

const kNewCase = 'new';

function CaseChoice({
  chosen,
  title,
  onChoose,
  onTitle,
}: {
  chosen: string;
  title: string;
  onChoose: (id: string) => void;
  onTitle: (title: string) => void;
}) {
  const t = useText();
  const cases = useQuery(casesQuery('open'));
  return (
    <Answer of={cases}>
      {({ items }) => (
        <fieldset className="reasons">
          <legend>{t('case.which')}</legend>
          {[
            ...items.map((item) => ({ id: item.case_id, text: item.title })),
            { id: kNewCase, text: t('case.new') },
          ].map(({ id, text }) => (
            <label key={id}>
              <input
                type="radio"
                name="case"
                autoFocus={id === chosen}
                checked={chosen === id}
                onChange={() => onChoose(id)}
              />
              <span />
              {text}
            </label>
          ))}
          {chosen === kNewCase && (
            <label className="field" style={{ display: 'block' }}>
              <span className="hidden">{t('case.title')}</span>
              <input
                className="input"
                required
                maxLength={200}
                value={title}
                onChange={(event) => onTitle(event.target.value)}
              />
            </label>
          )}
        </fieldset>
      )}
    </Answer>
  );
}

export function DecisionDialog({ what, alert, onSend, onNewCase, onClose }: Given) {
  const t = useText();
  const problemText = useProblemText();
  const about = subjectsInOrder(alert.subjects)[0]?.label ?? '';
  const [code, setCode] = useState<ReasonCode | undefined>();
  const [reason, setReason] = useState('');
  const [caseId, setCaseId] = useState(kNewCase);
  const [title, setTitle] = useState(`${about} ${alert.title}`.trim().slice(0, 200));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  const isCase = what === 'add_to_case';
  const complete = isCase
    ? caseId !== kNewCase || title.trim() !== ''
    : reason.trim() !== '' && (what !== 'dismiss' || code !== undefined);
  const send = async () => {
    setBusy(true);
    setError(undefined);
    try {
      if (isCase && caseId === kNewCase) await onNewCase(title.trim());
      else if (isCase) await onSend({ action: what, case_id: caseId });
      else await onSend({ action: what, reason: reason.trim(), ...(code ? { reason_code: code } : {}) });
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  const onDigit = (key: string) => {
    const picked = kReasons[Number(key) - 1];
    if (!picked) return false;
    setCode(picked);
    return true;
  };
  return (
    <FormDialog
      title={t(`decision.${what}`)}
      lead={
        <>
          {about} · <span lang="en">{alert.title}</span>
        </>
      }
      send={t(`decision.${what}`)}
      busy={busy}
      disabled={!complete}
      onSend={() => void send()}
      onClose={onClose}
      problem={
        error !== undefined && (
          <p className="notice problem" role="alert">
            {problemText(error).title}. {problemText(error).detail}
          </p>
        )
      }
    >
      {what === 'dismiss' && (
        <div
          onKeyDown={(event) => {
            if (!onDigit(event.key)) return;
            event.preventDefault();
            document.getElementById('decision-reason')?.focus();
          }}
        >
          <ReasonCodes chosen={code} onChoose={setCode} />
        </div>
      )}
      {isCase ? (
        <CaseChoice chosen={caseId} title={title} onChoose={setCaseId} onTitle={setTitle} />
      ) : (
        <label className="field">
          <span>{t('decision.reason')}</span>
          <textarea
            id="decision-reason"
            className="input"
            autoFocus={what !== 'dismiss'}
            required
            maxLength={2000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <small>
            {t('decision.reason.hint')} · <kbd>Ctrl</kbd> <kbd>Enter</kbd> {t('keys.send')}
          </small>
        </label>
      )}
    </FormDialog>
  );
}
