import type { Ref } from 'react';
import { useText } from '../lib/i18n/useText';
import { ProblemWords } from './States';

/** The reason of a decision, as the server takes it; `hint` says what to keep out of it. */
export function ReasonField(given: {
  hint: string;
  value: string;
  onChange: (value: string) => void;
  required?: boolean;
  autoFocus?: boolean;
  field?: Ref<HTMLTextAreaElement>;
}) {
  const t = useText();
  return (
    <label className="field">
      <span>{t('decision.reason')}</span>
      <textarea
        ref={given.field}
        className="input"
        autoFocus={given.autoFocus}
        required={given.required}
        maxLength={2000}
        value={given.value}
        onChange={(event) => given.onChange(event.target.value)}
      />
      <small>
        {given.hint} · <kbd>Ctrl</kbd> <kbd>Enter</kbd> {t('keys.send')}
      </small>
    </label>
  );
}

/** Why what was sent was not taken, in a form that stays open. Nothing while nothing went wrong. */
export function Refused({ error }: { error: unknown }) {
  if (error === undefined || error === null) return null;
  return (
    <p className="notice problem" role="alert">
      <ProblemWords error={error} />
    </p>
  );
}
