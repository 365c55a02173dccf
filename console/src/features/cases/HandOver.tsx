import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Elapsed } from '../../components/Elapsed';
import { ReasonDialog } from '../../components/ReasonDialog';
import { Answer } from '../../components/States';
import { Time } from '../../components/Time';
import type { Schemas } from '../../lib/api/client';
import { desksQuery } from '../../lib/api/lists';
import { hasRole, useSession } from '../../lib/api/session';
import { useText } from '../../lib/i18n/useText';
import { holdingsOf } from './custody';

type Case = Schemas['Case'];
type Step = Schemas['NewCaseStep'];
type OnStep = (step: Step) => Promise<unknown>;

function GiveDialog({ onStep, onClose }: { onStep: OnStep; onClose: () => void }) {
  const t = useText();
  const desks = useQuery(desksQuery);
  const [to, setTo] = useState('');
  const [ends, setEnds] = useState(false);
  return (
    <ReasonDialog
      title={t('hand_over.give')}
      lead={t('hand_over.lead')}
      hint={t('decision.reason.no_names')}
      disabled={to === ''}
      onSend={async (reason) => {
        await onStep({ action: 'hand_over', organisation_id: to, ends_reading: ends, reason });
        onClose();
      }}
      onClose={onClose}
    >
      <Answer of={desks}>
        {({ items }) => (
          <label className="field">
            <span>{t('hand_over.to')}</span>
            <select className="input" value={to} onChange={(event) => setTo(event.target.value)}>
              <option value="">{t(items.length === 0 ? 'hand_over.nobody' : 'hand_over.choose')}</option>
              {items.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
      </Answer>
      <label className="row">
        <input type="checkbox" checked={ends} onChange={(event) => setEnds(event.target.checked)} />
        {t('hand_over.ends_reading')}
      </label>
    </ReasonDialog>
  );
}

function Hops({ hops }: { hops: Case['hops'] }) {
  const t = useText();
  return (
    <ul className="steps">
      {hops.map((hop, index) => (
        <li key={index}>
          <Time at={hop.offered_at} />
          <div>
            <b>{t(`hop.${hop.state}`)}</b> {hop.from.name} → {hop.to.name}{' '}
            <Elapsed from={hop.offered_at} until={hop.answered_at} />
            {hop.ends_reading && <span className="tag">{t('hop.ends_reading')}</span>}
            {hop.reason && <p>{hop.reason}</p>}
            {hop.answer && <p>{hop.answer}</p>}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** The answer that this organisation owes, or the way to give the case away. */
function Actions({ one, busy, onStep }: { one: Case; busy: boolean; onStep: OnStep }) {
  const t = useText();
  const session = useSession();
  const [asks, setAsks] = useState<'hand_over' | 'refuse' | undefined>();
  const { holder, offered_to, state } = one.summary;
  if (state !== 'open' || !hasRole(session, ['officer'])) return null;
  const close = () => setAsks(undefined);
  return (
    <>
      {offered_to?.id === session.organisation.id && (
        <>
          <button className="button primary" disabled={busy} onClick={() => void onStep({ action: 'accept' })}>
            {t('hand_over.accept')}
          </button>
          <button className="button" disabled={busy} onClick={() => setAsks('refuse')}>
            {t('hand_over.refuse')}
          </button>
        </>
      )}
      {holder.id === session.organisation.id && (
        <button className="button" disabled={busy} onClick={() => setAsks('hand_over')}>
          {t('hand_over.give')}
        </button>
      )}
      {asks === 'hand_over' && <GiveDialog onStep={onStep} onClose={close} />}
      {asks === 'refuse' && (
        <ReasonDialog
          title={t('hand_over.refuse')}
          lead={t('hand_over.refuse.lead')}
          hint={t('decision.reason.no_names')}
          onSend={async (reason) => {
            await onStep({ action: 'refuse', reason });
            close();
          }}
          onClose={close}
        />
      )}
    </>
  );
}

/** Who had the case from when to when, and what was offered to whom. */
export function HandOver({ one, busy, onStep }: { one: Case; busy: boolean; onStep: OnStep }) {
  const t = useText();
  return (
    <section className="card">
      <header>
        <h2 className="grow">{t('hand_over.title')}</h2>
        <span className="row no-print">
          <Actions one={one} busy={busy} onStep={onStep} />
        </span>
      </header>
      <ol className="holdings">
        {holdingsOf(one).map(({ holder, from, until }) => (
          <li key={from} aria-current={until === null}>
            <b>{holder.name}</b>{' '}
            <span className="quiet">
              <Time at={from} /> – {until ? <Time at={until} /> : t('hand_over.now')}
            </span>{' '}
            <Elapsed from={from} until={until} />
          </li>
        ))}
      </ol>
      <Hops hops={one.hops} />
    </section>
  );
}
