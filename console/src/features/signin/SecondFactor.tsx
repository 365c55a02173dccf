import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { QrCode } from '../../components/QrCode';
import { Refused } from '../../components/Reason';
import { tell } from '../../components/Toast';
import { useSession, useSessionChange } from '../../lib/api/session';
import { useText } from '../../lib/i18n/useText';
import { CodeField } from './CodeField';
import { PasswordField } from './PasswordField';

/** Base32 in groups of four: it is typed by hand into a telephone. */
const grouped = (secret: string) => secret.replace(/(.{4})(?=.)/g, '$1 ');

/** The whole page where the site demands a second factor; else a dialog of the user's menu. */
export function SecondFactor({ onDone }: { onDone?: () => void }) {
  const t = useText();
  const { user } = useSession();
  const { startTotp, confirmTotp, signOut } = useSessionChange();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const start = useMutation({ mutationFn: () => startTotp({ password }) });
  const confirm = useMutation({
    mutationFn: () => confirmTotp(code),
    onSuccess: () => {
      tell({ text: t('totp.enrolled') });
      onDone?.();
    },
  });
  const secret = start.data;
  const step = secret ? confirm : start;
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!step.isPending) step.mutate();
  };
  const form = (
    <form className={onDone ? 'dialog-body' : ''} onSubmit={onSubmit}>
      <h1>{t('totp.title')}</h1>
      {!onDone && <p className="notice">{t('totp.must')}</p>}
      <input hidden readOnly autoComplete="username" value={user.login} />
      {secret ? (
        <>
          <p className="quiet">{t('totp.lead')}</p>
          <QrCode text={secret.uri} label={t('totp.picture')} />
          <p>
            <code>{grouped(secret.secret)}</code>
            <br />
            <a href={secret.uri}>{t('totp.link')}</a>
          </p>
          <CodeField code={code} onChange={setCode} />
        </>
      ) : (
        <PasswordField
          label="password.current"
          hint="totp.password.hint"
          password={password}
          onChange={setPassword}
          isFirst
        />
      )}
      <Refused error={step.error} />
      <div className="row spread">
        <button type="button" className="button plain" onClick={() => (onDone ? onDone() : void signOut())}>
          {t(onDone ? 'action.cancel' : 'session.sign_out')}
        </button>
        <button className="button primary" disabled={step.isPending}>
          {t(secret ? 'totp.send' : 'totp.next')}
        </button>
      </div>
    </form>
  );
  return onDone ? form : <main className="gate">{form}</main>;
}
