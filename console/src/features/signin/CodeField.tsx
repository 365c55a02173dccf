import { useText } from '../../lib/i18n/useText';

/** Six digits that an authenticator app shows. */
export function CodeField({
  code,
  onChange,
  isFirst = true,
}: {
  code: string;
  onChange: (code: string) => void;
  isFirst?: boolean;
}) {
  const t = useText();
  return (
    <label className="field">
      <span>{t('totp.code')}</span>
      <input
        className="input fixed"
        autoFocus={isFirst}
        required
        inputMode="numeric"
        autoComplete="one-time-code"
        pattern="[0-9]{6}"
        maxLength={6}
        value={code}
        onChange={(event) => onChange(event.target.value)}
      />
      <small>{t('totp.code.hint')}</small>
    </label>
  );
}
