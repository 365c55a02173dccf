import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { FormDialog } from '../../components/Dialog';
import { ReasonDialog } from '../../components/ReasonDialog';
import { Answer } from '../../components/States';
import type { Schemas } from '../../lib/api/client';
import { casesQuery, colleaguesQuery } from '../../lib/api/lists';
import { useText } from '../../lib/i18n/useText';
import type { OnStep } from './CaseAlerts';

type Case = Schemas['Case'];

/** Another open case of this organisation goes into this one. */
function MergeDialog({ one, onStep, onClose }: { one: Case; onStep: OnStep; onClose: () => void }) {
  const t = useText();
  const answer = useQuery(casesQuery('open'));
  const [other, setOther] = useState('');
  const { case_id, holder } = one.summary;
  return (
    <FormDialog
      title={t('case.merge')}
      lead={t('case.merge.lead')}
      send={t('case.merge')}
      busy={false}
      disabled={other === ''}
      onSend={() => {
        onClose();
        void onStep({ action: 'merge', other });
      }}
      onClose={onClose}
    >
      <Answer of={answer}>
        {({ items }) => {
          const others = items.filter((each) => each.case_id !== case_id && each.holder.id === holder.id);
          return (
            <label className="field">
              <span>{t('case.merge.other')}</span>
              <select className="input" autoFocus value={other} onChange={(event) => setOther(event.target.value)}>
                <option value="">{t(others.length === 0 ? 'case.merge.none' : 'case.merge.choose')}</option>
                {others.map((each) => (
                  <option key={each.case_id} value={each.case_id}>
                    {each.title} · {t('case.alerts', { count: each.alerts })}
                  </option>
                ))}
              </select>
            </label>
          );
        }}
      </Answer>
    </FormDialog>
  );
}

/** Who else of this organisation reads it; one more is let in with a choice. */
export function Readers({ one, writes, busy, onStep }: { one: Case; writes: boolean; busy: boolean; onStep: OnStep }) {
  const t = useText();
  const colleagues = useQuery({ ...colleaguesQuery, enabled: writes });
  const owner = one.summary.owner?.id;
  const readers = one.shared_with.filter(({ id }) => id !== owner);
  const known = new Set([...readers.map(({ id }) => id), owner]);
  const others = (colleagues.data?.items ?? []).filter(({ id }) => !known.has(id));
  if (readers.length === 0 && !(writes && others.length > 0)) return null;
  return (
    <>
      <span className="quiet">{t('case.readers')}</span>
      {readers.map(({ id, name, login }) => (
        <span key={id} className="tag">
          {name || login}
        </span>
      ))}
      {writes && others.length > 0 && (
        <select
          className="input owner no-print"
          aria-label={t('case.share')}
          value=""
          disabled={busy}
          onChange={(event) => void onStep({ action: 'share', users: [event.target.value] })}
        >
          <option value="">{t('case.share')}</option>
          {others.map(({ id, name, login }) => (
            <option key={id} value={id}>
              {name || login}
            </option>
          ))}
        </select>
      )}
    </>
  );
}

/** What is rarely done to a case as a whole. */
export function CaseChanges({ one, writes, onStep }: { one: Case; writes: boolean; onStep: OnStep }) {
  const t = useText();
  const [asks, setAsks] = useState<'merge' | 'reopen' | undefined>();
  const close = () => setAsks(undefined);
  return (
    <>
      {writes && one.summary.state === 'open' && (
        <button className="button no-print" onClick={() => setAsks('merge')}>
          {t('case.merge')}
        </button>
      )}
      {writes && one.summary.state === 'closed' && (
        <button className="button no-print" onClick={() => setAsks('reopen')}>
          {t('case.reopen')}
        </button>
      )}
      {asks === 'merge' && <MergeDialog one={one} onStep={onStep} onClose={close} />}
      {asks === 'reopen' && (
        <ReasonDialog
          title={t('case.reopen')}
          lead={t('case.reopen.lead')}
          hint={t('decision.reason.no_names')}
          onSend={async (reason) => {
            await onStep({ action: 'reopen', reason });
            close();
          }}
          onClose={close}
        />
      )}
    </>
  );
}
