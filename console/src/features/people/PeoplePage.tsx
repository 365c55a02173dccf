import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Dialog, FormDialog } from '../../components/Dialog';
import { Answer, useProblemText } from '../../components/States';
import { tell } from '../../components/Toast';
import { request, type Schemas } from '../../lib/api/client';
import { organisationsQuery, usersQuery } from '../../lib/api/lists';
import { useText } from '../../lib/i18n/useText';

type Role = Schemas['Role'];
type Made = Schemas['UserWithPassword'];

const kRoles: readonly Role[] = ['officer', 'viewer', 'auditor', 'administrator', 'feeder'];

function OneTimePassword({ made, onClose }: { made: Made; onClose: () => void }) {
  const t = useText();
  return (
    <Dialog title={t('user.password')} onClose={onClose}>
      <div className="dialog-body">
        <h1 aria-hidden="true">{t('user.password')}</h1>
        <p>{t('user.password.once', { login: made.user.login })}</p>
        <p>
          <code>{made.one_time_password}</code>
        </p>
        <div className="dialog-foot">
          <button className="button primary" autoFocus onClick={onClose}>
            {t('action.close')}
          </button>
        </div>
      </div>
    </Dialog>
  );
}

function NewUser({
  organisations,
  onMade,
  onClose,
}: {
  organisations: Schemas['Organisation'][];
  onMade: (made: Made) => void;
  onClose: () => void;
}) {
  const t = useText();
  const client = useQueryClient();
  const problemText = useProblemText();
  const [login, setLogin] = useState('');
  const [name, setName] = useState('');
  const [organisation, setOrganisation] = useState(organisations[0]?.id ?? '');
  const [roles, setRoles] = useState<Role[]>(['officer']);
  const make = useMutation({
    mutationFn: () => request('post', '/api/users', { body: { login, name, organisation_id: organisation, roles } }),
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: ['users'] });
      onMade(made);
    },
  });
  return (
    <FormDialog
      title={t('user.new')}
      send={t('user.make')}
      busy={make.isPending}
      disabled={!/^[A-Za-z0-9._@-]+$/.test(login) || name.trim() === '' || roles.length === 0}
      onSend={() => make.mutate()}
      onClose={onClose}
      problem={make.error && <p className="notice problem">{problemText(make.error).detail}</p>}
    >
      <label className="field">
        <span>{t('signin.login')}</span>
        <input
          className="input"
          autoFocus
          maxLength={64}
          autoComplete="off"
          value={login}
          onChange={(event) => setLogin(event.target.value)}
        />
      </label>
      <label className="field">
        <span>{t('user.name')}</span>
        <input
          className="input"
          maxLength={100}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <label className="field">
        <span>{t('user.organisation')}</span>
        <select className="input" value={organisation} onChange={(event) => setOrganisation(event.target.value)}>
          {organisations.map(({ id, name: text }) => (
            <option key={id} value={id}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <div className="field" role="group" aria-label={t('user.roles')}>
        <span>{t('user.roles')}</span>
        <div className="row wrap">
          {kRoles.map((role) => (
            <label key={role} className="row">
              <input
                type="checkbox"
                checked={roles.includes(role)}
                onChange={() =>
                  setRoles(roles.includes(role) ? roles.filter((each) => each !== role) : [...roles, role])
                }
              />
              {t(`role.${role}`)}
            </label>
          ))}
        </div>
      </div>
    </FormDialog>
  );
}

export default function PeoplePage() {
  const t = useText();
  const client = useQueryClient();
  const problemText = useProblemText();
  const users = useQuery(usersQuery);
  const organisations = useQuery(organisationsQuery);
  const [asks, setAsks] = useState(false);
  const [made, setMade] = useState<Made | undefined>();
  const [confirm, setConfirm] = useState<{ user: Schemas['User']; what: 'reset' | 'disable' } | undefined>();
  const change = useMutation({
    mutationFn: ({ userId, body }: { userId: string; body: Schemas['UserChange'] }) =>
      request('patch', '/api/users/{userId}', { path: { userId }, body }),
    onSuccess: (answer) => {
      void client.invalidateQueries({ queryKey: ['users'] });
      if (answer.one_time_password) setMade(answer);
      else tell({ text: t('user.changed') });
    },
    onError: (error) => tell({ problem: true, text: `${problemText(error).title}. ${problemText(error).detail}` }),
  });
  const nameOf = new Map((organisations.data?.items ?? []).map(({ id, name }) => [id, name]));
  return (
    <div className="sheet">
      <div className="row">
        <h1 className="grow">{t('page.people')}</h1>
        <button className="button primary" disabled={!organisations.data} onClick={() => setAsks(true)}>
          {t('user.new')}
        </button>
      </div>
      <Answer of={users}>
        {({ items }) => (
          <div className="card scroll" tabIndex={0} role="region" aria-label={t('page.people')}>
            <table>
              <thead>
                <tr>
                  <th>{t('user.name')}</th>
                  <th>{t('signin.login')}</th>
                  <th>{t('user.organisation')}</th>
                  <th>{t('user.roles')}</th>
                  <th>{t('user.access')}</th>
                  <th>{t('user.change')}</th>
                </tr>
              </thead>
              <tbody>
                {items.map((user) => (
                  <tr key={user.id}>
                    <td>{user.name}</td>
                    <td className="fixed">{user.login}</td>
                    <td>{nameOf.get(user.organisation_id)}</td>
                    <td>{user.roles.map((role) => t(`role.${role}`)).join(', ')}</td>
                    <td>
                      {t(user.disabled ? 'user.disabled' : user.must_change_password ? 'user.waiting' : 'user.active')}
                      {' · '}
                      <span className="quiet">{t(user.totp_enrolled ? 'user.totp' : 'user.no_totp')}</span>
                    </td>
                    <td>
                      <div className="row">
                        <button className="button" onClick={() => setConfirm({ user, what: 'reset' })}>
                          {t('user.reset')}
                        </button>
                        <button
                          className="button"
                          onClick={() =>
                            user.disabled
                              ? change.mutate({ userId: user.id, body: { disabled: false } })
                              : setConfirm({ user, what: 'disable' })
                          }
                        >
                          {t(user.disabled ? 'user.enable' : 'user.disable')}
                        </button>
                      </div>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Answer>
      {asks && (
        <NewUser
          organisations={organisations.data?.items ?? []}
          onMade={(answer) => {
            setAsks(false);
            setMade(answer);
          }}
          onClose={() => setAsks(false)}
        />
      )}
      {confirm && (
        <FormDialog
          title={t(`user.${confirm.what}`)}
          lead={t(`user.${confirm.what}.ask`, { login: confirm.user.login })}
          send={t(`user.${confirm.what}`)}
          busy={change.isPending}
          onSend={() => {
            change.mutate({
              userId: confirm.user.id,
              body: confirm.what === 'reset' ? { reset: true } : { disabled: true },
            });
            setConfirm(undefined);
          }}
          onClose={() => setConfirm(undefined)}
        />
      )}
      {made && <OneTimePassword made={made} onClose={() => setMade(undefined)} />}
    </div>
  );
}
