import { useState, type ReactNode } from 'react';
import { useLocation } from 'react-router-dom';
import { useDraft } from '../lib/drafts';
import { FormDialog } from './Dialog';
import { ReasonField, Refused } from './Reason';

/** A question whose answer is a reason. */
export function ReasonDialog(given: {
  title: string;
  lead: ReactNode;
  hint: string;
  disabled?: boolean;
  /** Characters. */
  least?: number;
  /** Which of several on one page it is asked of: what was typed for one is not offered for another. */
  about?: string;
  onSend: (reason: string) => Promise<void>;
  onClose: () => void;
  children?: ReactNode;
}) {
  const [reason, setReason] = useDraft(`${useLocation().pathname} ${given.title} ${given.about ?? ''}`);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const send = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await given.onSend(reason.trim());
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <FormDialog
      title={given.title}
      lead={given.lead}
      send={given.title}
      busy={busy}
      disabled={reason.trim().length < (given.least ?? 1) || given.disabled === true}
      onSend={() => void send()}
      onClose={given.onClose}
      problem={<Refused error={error} />}
    >
      <ReasonField hint={given.hint} autoFocus required value={reason} onChange={setReason} />
      {given.children}
    </FormDialog>
  );
}
