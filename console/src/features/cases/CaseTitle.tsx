import { useText } from '../../lib/i18n/useText';

/** The title that a new case is to have. */
export function CaseTitle({ value, onChange }: { value: string; onChange: (title: string) => void }) {
  const t = useText();
  return (
    <label className="field">
      <span>{t('case.title')}</span>
      <input
        className="input"
        autoFocus
        maxLength={200}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <small>{t('decision.reason.no_names')}</small>
    </label>
  );
}
