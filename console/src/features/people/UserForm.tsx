import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { FormDialog } from '../../components/Dialog';
import { Refused } from '../../components/Reason';
import { TextField } from '../../components/TextField';
import { request, type Schemas } from '../../lib/api/client';
import { useSession } from '../../lib/api/session';
import { useText } from '../../lib/i18n/useText';
import { wordsOf } from './words';
import './people.css';

type Role = Schemas['Role'];
export type Made = Schemas['UserWithPassword'];

const kRoles: readonly Role[] = ['officer', 'viewer', 'auditor', 'administrator', 'gate', 'feeder'];
const kEnforcement: readonly Schemas['OrganisationKind'][] = ['customs', 'police', 'authority'];

/** Each with what it lets a person do: the names alone do not say. */
function Roles({ of, onChange }: { of: Role[]; onChange: (roles: Role[]) => void }) {
  const t = useText();
  return (
    <div className="roles">
      {kRoles.map((role) => (
        <div key={role}>
          <label className="row">
            <input
              type="checkbox"
              checked={of.includes(role)}
              aria-describedby={`role-${role}`}
              onChange={() => onChange(of.includes(role) ? of.filter((each) => each !== role) : [...of, role])}
            />
            {t(`role.${role}`)}
          </label>
          <small id={`role-${role}`}>{t(`role_what.${role}`)}</small>
        </div>
      ))}
    </div>
  );
}

/** A new user, or one to be changed; his organisation never changes. */
export function UserForm({
  user,
  organisations,
  onDone,
  onClose,
}: {
  user?: Schemas['User'];
  organisations: Schemas['Organisation'][];
  onDone: (made: Made) => void;
  onClose: () => void;
}) {
  const t = useText();
  const client = useQueryClient();
  const session = useSession();
  const [login, setLogin] = useState('');
  const [name, setName] = useState(user?.name ?? '');
  const [organisationId, setOrganisationId] = useState(session.organisation.id);
  const [roles, setRoles] = useState<Role[]>(user?.roles ?? ['officer']);
  const [accounts, setAccounts] = useState('');
  const [credentials, setCredentials] = useState('');
  const kept = user?.linked_accounts.length ?? 0;
  const kind = organisations.find(({ id }) => id === organisationId)?.kind ?? 'terminal';
  const isFirstInside =
    !user && kEnforcement.includes(kind) && !kEnforcement.includes(session.organisation.kind);
  const linked =
    accounts || credentials ? { accounts: wordsOf(accounts), credentials: wordsOf(credentials) } : {};
  const send = useMutation({
    mutationFn: () =>
      user
        ? request('patch', '/api/users/{userId}', {
            path: { userId: user.id },
            body: { name: name.trim(), roles, ...linked },
          })
        : request('post', '/api/users', {
            body: { login, name: name.trim(), organisation_id: organisationId, roles, ...linked },
          }),
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: ['users'] });
      void client.invalidateQueries({ queryKey: ['organisations'] });
      onDone(made);
    },
  });
  const isGood = (user || /^[A-Za-z0-9._@-]+$/.test(login)) && name.trim() !== '' && roles.length > 0;
  return (
    <FormDialog
      title={t(user ? 'user.edit' : 'user.new')}
      lead={user?.login}
      send={t(user ? 'user.save' : 'user.make')}
      busy={send.isPending}
      disabled={!isGood}
      onSend={() => send.mutate()}
      onClose={onClose}
      problem={<Refused error={send.error} />}
    >
      {!user && <TextField label={t('signin.login')} value={login} onChange={setLogin} maxLength={64} isFirst />}
      <TextField label={t('user.name')} value={name} onChange={setName} maxLength={100} isFirst={!!user} />
      {!user && (
        <label className="field">
          <span>{t('user.organisation')}</span>
          <select
            className="input"
            value={organisationId}
            onChange={(event) => setOrganisationId(event.target.value)}
          >
            {organisations
              .filter((each) => !each.is_administered_elsewhere)
              .map(({ id, name: text }) => (
                <option key={id} value={id}>
                  {text}
                </option>
              ))}
          </select>
          {isFirstInside && <small>{t('user.first_inside')}</small>}
        </label>
      )}
      <div className="field" role="group" aria-label={t('user.roles')}>
        <span>{t('user.roles')}</span>
        <Roles of={roles} onChange={setRoles} />
      </div>
      <TextField label={t('user.accounts')} value={accounts} onChange={setAccounts} />
      <TextField label={t('user.credentials')} value={credentials} onChange={setCredentials}>
        <small>{t('user.linked.hint')}</small>
        {kept > 0 && <small>{t('user.linked.kept', { n: String(kept) })}</small>}
      </TextField>
    </FormDialog>
  );
}
