import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { FormDialog } from '../../components/Dialog';
import { Refused } from '../../components/Reason';
import { TextField } from '../../components/TextField';
import { tell } from '../../components/Toast';
import { request, type Schemas } from '../../lib/api/client';
import { useText } from '../../lib/i18n/useText';
import { OwnersField } from './OwnersField';
import { wordsOf } from './words';

type Kind = Schemas['OrganisationKind'];

const kKinds: readonly Kind[] = ['terminal', 'carrier', 'port_authority', 'customs', 'police', 'authority'];

/** What the organisations here read already. */
const ownersOf = (items: readonly Schemas['Organisation'][]) =>
  [...new Set(items.flatMap(({ owners }) => owners))].filter((owner) => owner !== '*').sort();

interface FormProps {
  of: Schemas['Organisation'] | null; // null: a new one
  known: readonly string[];
  onClose: () => void;
}

/** The kind of an organisation stays what it was made as: walls stand on it. */
function OrganisationForm({ of, known, onClose }: FormProps) {
  const t = useText();
  const client = useQueryClient();
  const [name, setName] = useState(of?.name ?? '');
  const [kind, setKind] = useState<Kind>(of?.kind ?? 'terminal');
  const [owners, setOwners] = useState(of?.owners.join(', ') ?? '');
  const keep = useMutation({
    mutationFn: () => {
      const stated = { name: name.trim(), owners: wordsOf(owners) };
      return of === null
        ? request('post', '/api/organisations', { body: { ...stated, kind } })
        : request('patch', '/api/organisations/{organisationId}', {
            path: { organisationId: of.id },
            body: stated,
          });
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['organisations'] });
      tell({ text: t(of === null ? 'organisation.made' : 'organisation.changed') });
      onClose();
    },
  });
  return (
    <FormDialog
      title={t(of === null ? 'organisation.new' : 'organisation.edit')}
      send={t(of === null ? 'organisation.make' : 'user.change')}
      busy={keep.isPending}
      disabled={name.trim() === '' || wordsOf(owners).length === 0}
      onSend={() => keep.mutate()}
      onClose={onClose}
      problem={<Refused error={keep.error} />}
    >
      <TextField label={t('user.name')} value={name} onChange={setName} maxLength={100} isFirst />
      <label className="field">
        <span>{t('organisation.kind')}</span>
        <select className="input" value={kind} disabled={of !== null} onChange={(event) => setKind(event.target.value as Kind)}>
          {kKinds.map((each) => (
            <option key={each} value={each}>
              {t(`organisation.kind.${each}`)}
            </option>
          ))}
        </select>
        <small>{t('organisation.kind.hint')}</small>
      </label>
      <OwnersField value={owners} known={known} onChange={setOwners} />
    </FormDialog>
  );
}

/** Whose eyes there are, and who administers whom. */
export function Organisations({ items, users }: { items: Schemas['Organisation'][]; users: Schemas['User'][] }) {
  const t = useText();
  const [asks, setAsks] = useState<Schemas['Organisation'] | 'new' | null>(null);
  return (
    <>
      <div className="row">
        <h2 className="grow">{t('organisation.title')}</h2>
        <button className="button" onClick={() => setAsks('new')}>
          {t('organisation.new')}
        </button>
      </div>
      <div className="card scroll" tabIndex={0} role="region" aria-label={t('organisation.title')}>
        <table>
          <thead>
            <tr>
              <th>{t('user.name')}</th>
              <th>{t('organisation.kind')}</th>
              <th>{t('organisation.owners')}</th>
              <th className="number">{t('organisation.users')}</th>
              <th>{t('organisation.administered')}</th>
              <th>{t('user.change')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((each) => (
              <tr key={each.id}>
                <td>{each.name}</td>
                <td>{t(`organisation.kind.${each.kind}`)}</td>
                <td>{each.owners.includes('*') ? t('organisation.all') : each.owners.join(', ')}</td>
                <td className="number">
                  {each.is_administered_elsewhere
                    ? ''
                    : users.filter(({ organisation_id }) => organisation_id === each.id).length}
                </td>
                <td>{t(each.is_administered_elsewhere ? 'organisation.elsewhere' : 'organisation.here')}</td>
                <td>
                  {!each.is_administered_elsewhere && (
                    <button className="button small" onClick={() => setAsks(each)}>
                      {t('user.edit.open')}
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {asks !== null && (
        <OrganisationForm of={asks === 'new' ? null : asks} known={ownersOf(items)} onClose={() => setAsks(null)} />
      )}
    </>
  );
}
