import { useText } from '../../lib/i18n/useText';
import type { Key } from '../../lib/i18n/text';

/** The password that is in use. */
export function PasswordField({
  label,
  hint,
  password,
  onChange,
  isFirst = false,
}: {
  label: Key;
  hint?: Key;
  password: string;
  onChange: (password: string) => void;
  isFirst?: boolean;
}) {
  const t = useText();
  return (
    <label className="field">
      <span>{t(label)}</span>
      <input
        className="input"
        type="password"
        autoFocus={isFirst}
        required
        autoComplete="current-password"
        value={password}
        onChange={(event) => onChange(event.target.value)}
      />
      {hint && <small>{t(hint)}</small>}
    </label>
  );
}
