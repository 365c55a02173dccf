import { useRef, useState } from 'react';
import { useSessionChange, type Session } from '../lib/api/session';
import { useText } from '../lib/i18n/useText';
import { setPreferences, usePreferences, type Preferences } from '../lib/preferences';
import { localZone } from '../lib/time';
import { SecondFactor } from '../features/signin/SecondFactor';
import { NewPassword } from '../features/signin/NewPassword';
import { OwnSessions } from '../features/signin/OwnSessions';
import { Dialog } from '../components/Dialog';

const zones = () => ['UTC', ...Intl.supportedValuesOf('timeZone')];

export function UserMenu({ session, onKeys }: { session: Session; onKeys: () => void }) {
  const t = useText();
  const chosen = usePreferences();
  const { signOut } = useSessionChange();
  const menu = useRef<HTMLDetailsElement>(null);
  const [over, setOver] = useState<'totp' | 'password' | 'sessions' | undefined>();
  const close = () => menu.current?.removeAttribute('open');
  const open = (what: 'totp' | 'password' | 'sessions') => () => {
    close();
    setOver(what);
  };
  const pick = (name: keyof Preferences, choices: [string, string][]) => (
    <label className="field">
      <span>{t(`preference.${name}`)}</span>
      <select
        className="input"
        value={String(chosen[name])}
        onChange={(event) => setPreferences({ [name]: event.target.value })}
      >
        {choices.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <>
      <details className="menu" ref={menu} onKeyDown={(event) => event.key === 'Escape' && close()}>
        <summary className="button plain">{session.user.name || session.user.login}</summary>
        <div className="menu-panel">
          <div>
            <b>{session.user.name}</b>
            <p className="quiet">
              {session.organisation.name} · {(session.roles ?? []).map((role) => t(`role.${role}`)).join(', ')}
            </p>
          </div>
          {pick('theme', [
            ['auto', t('preference.theme.auto')],
            ['light', t('preference.theme.light')],
            ['dark', t('preference.theme.dark')],
          ])}
          {pick('language', [
            ['auto', t('preference.language.auto')],
            ['en', 'English'],
            ['es', 'Español'],
          ])}
          {pick('zone', [
            ['auto', t('preference.zone.auto', { zone: localZone() })],
            ...zones().map((zone): [string, string] => [zone, zone]),
          ])}
          <label className="row">
            <input
              type="checkbox"
              checked={chosen.single_keys}
              onChange={(event) => setPreferences({ single_keys: event.target.checked })}
            />
            {t('preference.single_keys')}
          </label>
          <div className="row wrap">
            <button className="button" onClick={() => (close(), onKeys())}>
              {t('keys.title')}
            </button>
            <button className="button" onClick={open('password')}>
              {t('password.title')}
            </button>
            {!session.totp_enrolled && (
              <button className="button" onClick={open('totp')}>
                {t('totp.title')}
              </button>
            )}
            <button className="button" onClick={open('sessions')}>
              {t('sessions.title')}
            </button>
            <button className="button" onClick={() => void signOut()}>
              {t('session.sign_out')}
            </button>
          </div>
        </div>
      </details>
      {over === 'totp' && (
        <Dialog title={t('totp.title')} onClose={() => setOver(undefined)}>
          <SecondFactor onDone={() => setOver(undefined)} />
        </Dialog>
      )}
      {over === 'password' && (
        <Dialog title={t('password.title')} onClose={() => setOver(undefined)}>
          <NewPassword onDone={() => setOver(undefined)} />
        </Dialog>
      )}
      {over === 'sessions' && <OwnSessions onClose={() => setOver(undefined)} />}
    </>
  );
}
