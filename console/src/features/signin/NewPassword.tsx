import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { tell } from '../../components/Toast';
import { ProblemWords } from '../../components/States';
import { useSession, useSessionChange } from '../../lib/api/session';
import { useText } from '../../lib/i18n/useText';
import { PasswordField } from './PasswordField';

/** As api/openapi.yaml: PasswordChange.new. */
const kShortest = 12;

/** The whole page after the first sign-in with a one-time password; later a dialog of the user's menu. */
export function NewPassword({ onDone }: { onDone?: () => void }) {
  const t = useText();
  const { must_change_password, user } = useSession();
  const { changePassword, signOut } = useSessionChange();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const change = useMutation({
    mutationFn: () => changePassword({ current, new: next }),
    onSuccess: () => {
      tell({ text: t('password.changed') });
      onDone?.();
    },
  });
  const differs = again !== '' && again !== next;
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (next === again && next.length >= kShortest) change.mutate();
  };
  const form = (
    <form className={onDone ? 'dialog-body' : ''} onSubmit={onSubmit}>
      <h1>{t('password.title')}</h1>
      {must_change_password && <p className="notice">{t('password.must')}</p>}
      {/* A password manager must know whose password it is. */}
      <input hidden readOnly autoComplete="username" value={user.login} />
      <PasswordField
        label={must_change_password ? 'password.one_time' : 'password.current'}
        password={current}
        onChange={setCurrent}
        isFirst
      />
      <label className="field">
        <span>{t('password.new')}</span>
        <input
          className="input"
          type="password"
          required
          minLength={kShortest}
          autoComplete="new-password"
          value={next}
          onChange={(e) => setNext(e.target.value)}
        />
        <small>{t('password.rule', { count: kShortest })}</small>
      </label>
      <label className="field">
        <span>{t('password.again')}</span>
        <input
          className="input"
          type="password"
          required
          autoComplete="new-password"
          value={again}
          onChange={(e) => setAgain(e.target.value)}
        />
      </label>
      {(differs || change.error) && (
        <p className="notice problem" role="alert">
          {differs ? t('password.differs') : <ProblemWords error={change.error} />}
        </p>
      )}
      <div className="row spread">
        <button type="button" className="button plain" onClick={() => (onDone ? onDone() : void signOut())}>
          {t(onDone ? 'action.cancel' : 'session.sign_out')}
        </button>
        <button className="button primary" disabled={change.isPending || differs}>
          {t('password.send')}
        </button>
      </div>
    </form>
  );
  return onDone ? form : <main className="gate">{form}</main>;
}
