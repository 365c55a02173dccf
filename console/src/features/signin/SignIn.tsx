import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useProblemText } from '../../components/States';
import { problemOf } from '../../lib/api/client';
import { useSessionChange } from '../../lib/api/session';
import { leftBy } from '../../lib/drafts';
import { useText } from '../../lib/i18n/useText';
import { CodeField } from './CodeField';
import { PasswordField } from './PasswordField';

/** A server that was just started reads its journal first: whoever came early waits, and asks nothing twice. */
const kAskAgainMs = 1000;
const isStarting = (error: unknown) => problemOf(error).code === 'not_ready';

export function SignIn() {
  const t = useText();
  const { signIn } = useSessionChange();
  const problemText = useProblemText();
  const [left] = useState(leftBy);
  const [login, setLogin] = useState(left?.login ?? '');
  const [password, setPassword] = useState('');
  const [totp, setTotp] = useState('');
  const attempt = useMutation({
    mutationFn: () => signIn(totp ? { login, password, totp } : { login, password }),
    retry: (_, error) => isStarting(error),
    retryDelay: kAskAgainMs,
  });
  const code = attempt.error ? problemOf(attempt.error).code : '';
  const asksCode = code === 'totp_required' || totp !== '';

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    attempt.mutate();
  };
  return (
    <main className="gate">
      <form onSubmit={onSubmit}>
        <div className="row">
          <img src="/mark.svg" alt="" width="30" height="30" />
          <h1>{t('signin.title')}</h1>
        </div>
        {left && (
          <p className="notice" role="status">
            {t('signin.ended')}
          </p>
        )}
        <label className="field">
          <span>{t('signin.login')}</span>
          <input
            className="input"
            autoFocus={!left}
            required
            autoComplete="username"
            value={login}
            onChange={(e) => setLogin(e.target.value)}
          />
        </label>
        <PasswordField label="signin.password" password={password} onChange={setPassword} isFirst={left !== undefined} />
        {asksCode && <CodeField code={totp} onChange={setTotp} />}
        {attempt.error && code !== 'totp_required' && (
          <p className="notice problem" role="alert">
            {code === 'wrong_credentials'
              ? t('signin.wrong')
              : code === 'locked'
                ? t('signin.locked')
                : code === 'one_time_password_ran_out'
                  ? t('signin.ran_out')
                  : problemText(attempt.error).title}
          </p>
        )}
        {attempt.isPending && attempt.failureReason && (
          <p className="notice" role="status">
            {t('signin.starting')}
          </p>
        )}
        <button className="button primary" disabled={attempt.isPending}>
          {t('signin.send')}
        </button>
        <p className="quiet small">{t('signin.recorded')}</p>
      </form>
    </main>
  );
}
