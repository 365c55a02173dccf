import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Dialog, FormDialog } from '../../components/Dialog';
import { Answer, useProblemText } from '../../components/States';
import { tell } from '../../components/Toast';
import { request, type Schemas } from '../../lib/api/client';
import { organisationsQuery, usersQuery } from '../../lib/api/lists';
import { useText } from '../../lib/i18n/useText';
import { Organisations } from './Organisations';
import { UserForm, type Made } from './UserForm';

type User = Schemas['User'];

/** What is asked before it is done, and what it sends. */
const kAsked = {
  reset: { reset: true },
  factor: { reset_second_factor: true },
  disable: { disabled: true },
} as const satisfies Record<string, Schemas['UserChange']>;

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

export default function PeoplePage() {
  const t = useText();
  const client = useQueryClient();
  const problemText = useProblemText();
  const users = useQuery(usersQuery);
  const organisations = useQuery(organisationsQuery);
  const [form, setForm] = useState<{ user?: User } | undefined>();
  const [made, setMade] = useState<Made | undefined>();
  const [confirm, setConfirm] = useState<{ user: User; what: keyof typeof kAsked } | undefined>();
  const onChanged = (answer: Made) => {
    // It is read from the screen: nothing may stand before it.
    tell(answer.one_time_password ? undefined : { text: t('user.changed') });
    if (answer.one_time_password) setMade(answer);
  };
  const change = useMutation({
    mutationFn: ({ userId, body }: { userId: string; body: Schemas['UserChange'] }) =>
      request('patch', '/api/users/{userId}', { path: { userId }, body }),
    onSuccess: (answer) => {
      void client.invalidateQueries({ queryKey: ['users'] });
      onChanged(answer);
    },
    onError: (error) => tell({ problem: true, ...problemText(error) }),
  });
  const known = organisations.data?.items ?? [];
  const nameOf = new Map(known.map(({ id, name }) => [id, name]));
  return (
    <div className="sheet">
      <div className="row">
        <h1 className="grow">{t('page.people')}</h1>
        <button className="button primary" disabled={!organisations.data} onClick={() => setForm({})}>
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
                        <button className="button" onClick={() => setForm({ user })}>
                          {t('user.edit.open')}
                        </button>
                        <button className="button" onClick={() => setConfirm({ user, what: 'reset' })}>
                          {t('user.reset')}
                        </button>
                        {user.totp_enrolled && (
                          <button className="button" onClick={() => setConfirm({ user, what: 'factor' })}>
                            {t('user.factor')}
                          </button>
                        )}
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
      {known.some((each) => each.is_administered_elsewhere) && <p className="quiet">{t('user.only_yours')}</p>}
      <Answer of={organisations}>
        {({ items }) => <Organisations items={items} users={users.data?.items ?? []} />}
      </Answer>
      {form && (
        <UserForm
          {...form}
          organisations={known}
          onDone={(answer) => {
            setForm(undefined);
            onChanged(answer);
          }}
          onClose={() => setForm(undefined)}
        />
      )}
      {confirm && (
        <FormDialog
          title={t(`user.${confirm.what}`)}
          lead={t(`user.${confirm.what}.ask`, { login: confirm.user.login })}
          send={t(`user.${confirm.what}`)}
          busy={change.isPending}
          onSend={() => {
            change.mutate({ userId: confirm.user.id, body: kAsked[confirm.what] });
            setConfirm(undefined);
          }}
          onClose={() => setConfirm(undefined)}
        />
      )}
      {made && <OneTimePassword made={made} onClose={() => setMade(undefined)} />}
    </div>
  );
}
