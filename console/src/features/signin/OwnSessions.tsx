import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { FormDialog } from '../../components/Dialog';
import { Refused } from '../../components/Reason';
import { Answer } from '../../components/States';
import { Age, Time } from '../../components/Time';
import { tell } from '../../components/Toast';
import type { Schemas } from '../../lib/api/client';
import { endSessions, ownSessionsQuery, useSession } from '../../lib/api/session';
import { clientName } from '../../lib/client';
import { useText } from '../../lib/i18n/useText';
import { CodeField } from './CodeField';
import { PasswordField } from './PasswordField';

function Row({ own, chosen, onChoose }: { own: Schemas['OwnSession']; chosen: boolean; onChoose: () => void }) {
  const t = useText();
  return (
    <li>
      <label className="row">
        <input type="checkbox" disabled={own.is_current} checked={chosen} onChange={onChoose} />
        <span className="grow">
          <span title={own.client}>{clientName(own.client) || t('sessions.unknown')}</span>{' '}
          {own.is_current && <span className="tag">{t('sessions.this')}</span>}
          <br />
          <small className="quiet">
            {t('sessions.begun')} <Time at={own.begun_at} /> · {t('sessions.used')} <Age at={own.last_used_at} />
          </small>
        </span>
      </label>
    </li>
  );
}

/** Where the user is signed in; the others are ended with the password, as whoever finds this one open has it not. */
export function OwnSessions({ onClose }: { onClose: () => void }) {
  const t = useText();
  const client = useQueryClient();
  const session = useSession();
  const list = useQuery(ownSessionsQuery);
  const [chosen, setChosen] = useState<string[]>([]);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const others = (list.data?.items ?? []).filter((own) => !own.is_current).map((own) => own.session_id);
  const end = useMutation({
    mutationFn: () =>
      endSessions({ session_ids: chosen, password, ...(session.totp_enrolled ? { totp: code } : {}) }),
    onSuccess: (left) => {
      client.setQueryData(ownSessionsQuery.queryKey, left);
      tell({ text: t('sessions.ended') });
      onClose();
    },
  });
  const choose = (id: string) =>
    setChosen(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]);
  return (
    <FormDialog
      title={t('sessions.title')}
      lead={t('sessions.lead')}
      send={t('sessions.end')}
      busy={end.isPending}
      disabled={chosen.length === 0 || password === ''}
      onSend={() => end.mutate()}
      onClose={onClose}
      problem={<Refused error={end.error} />}
    >
      <Answer of={list}>
        {({ items }) => (
          <ul className="own-sessions">
            {items.map((own) => (
              <Row
                key={own.session_id}
                own={own}
                chosen={chosen.includes(own.session_id)}
                onChoose={() => choose(own.session_id)}
              />
            ))}
          </ul>
        )}
      </Answer>
      {others.length > 1 && (
        <button type="button" className="button plain" onClick={() => setChosen(others)}>
          {t('sessions.all_others')}
        </button>
      )}
      {chosen.length > 0 && (
        <>
          <input hidden readOnly autoComplete="username" value={session.user.login} />
          <PasswordField
            label="password.current"
            hint="sessions.password.hint"
            password={password}
            onChange={setPassword}
          />
          {session.totp_enrolled && <CodeField code={code} onChange={setCode} isFirst={false} />}
        </>
      )}
    </FormDialog>
  );
}
