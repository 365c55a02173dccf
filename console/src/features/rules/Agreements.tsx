import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { FormDialog } from '../../components/Dialog';
import { Refused } from '../../components/Reason';
import { ReasonDialog } from '../../components/ReasonDialog';
import { tell } from '../../components/Toast';
import { request, type Schemas } from '../../lib/api/client';
import { ruleSetsQuery } from '../../lib/api/lists';
import { hasRole, useSession } from '../../lib/api/session';
import { wordOf, type Key } from '../../lib/i18n/text';
import { useText } from '../../lib/i18n/useText';
import { Account } from './Account';
import { Review } from './Review';

type Sets = Schemas['RuleSets'];
type Agreement = Schemas['RuleAgreement'];

/** What an answer changes on this page, and the word for it. */
function useDecided() {
  const t = useText();
  const client = useQueryClient();
  return (sets: Sets, done: Key) => {
    client.setQueryData(ruleSetsQuery.queryKey, sets);
    void client.invalidateQueries({ queryKey: ['rules'] });
    void client.invalidateQueries({ queryKey: ['legal'] });
    tell({ text: t(done) });
  };
}

const kFields = ['reference', 'parties', 'from', 'until'] as const;
const kHints: Partial<Record<(typeof kFields)[number], Key>> = {
  reference: 'agreement.reference.hint',
  parties: 'agreement.parties.hint',
};

function Record({ onClose }: { onClose: () => void }) {
  const t = useText();
  const decided = useDecided();
  const [given, setGiven] = useState({ reference: '', parties: '', from: '', until: '' });
  const record = useMutation({
    mutationFn: () =>
      request('post', '/api/agreements', {
        body: { ...given, from: `${given.from}T00:00:00Z`, until: `${given.until}T23:59:59Z` },
      }),
    onSuccess: (sets) => {
      decided(sets, 'agreement.recorded');
      onClose();
    },
  });
  return (
    <FormDialog
      title={t('agreement.record')}
      lead={t('agreement.record.lead')}
      send={t('agreement.record')}
      busy={record.isPending}
      disabled={kFields.some((field) => given[field].trim() === '')}
      onSend={() => record.mutate()}
      onClose={onClose}
      problem={<Refused error={record.error} />}
    >
      {kFields.map((field) => (
        <label key={field} className="field">
          <span>{t(`agreement.${field}`)}</span>
          <input
            className="input"
            required
            autoFocus={field === 'reference'}
            type={field === 'from' || field === 'until' ? 'date' : 'text'}
            value={given[field]}
            onChange={(event) => setGiven({ ...given, [field]: event.target.value })}
          />
          {kHints[field] && <small>{t(kHints[field])}</small>}
        </label>
      ))}
    </FormDialog>
  );
}

/** Validity is in whole days of UTC, whatever zone the page shows. */
const day = (at: string) => at.slice(0, 10);

function State({ of }: { of: Agreement }) {
  const t = useText();
  if (!of.confirmed) return <span className="tag open">{t('agreement.waits')}</span>;
  return (
    <>
      {of.ended_for !== '' && <span className="tag">{t('agreement.ended')}</span>}
      <Review by={of.review} />
    </>
  );
}

function One({ of, decides, onEnd }: { of: Agreement; decides: boolean; onEnd: () => void }) {
  const t = useText();
  const decided = useDecided();
  const confirm = useMutation({
    mutationFn: () =>
      request('post', '/api/agreements/{number}/decisions', {
        path: { number: of.number },
        body: { action: 'confirm' },
      }),
    onSuccess: (sets) => decided(sets, 'agreement.confirmed'),
  });
  const refusal = of.confirm.refusal;
  return (
    <li>
      <span className="fixed">
        {day(of.from)} – {day(of.until)}
      </span>
      <div>
        <b>{of.reference}</b> · {of.parties} <State of={of} />{' '}
        <span className="quiet">
          {of.rules.length === 0 ? t('agreement.all') : t('agreement.rules', { count: of.rules.length })} ·{' '}
          <Account of={of.by} />
        </span>
        {of.ended_for !== '' && <p>{of.ended_for}</p>}
        {decides && of.ended_for === '' && (
          <div className="row wrap no-print">
            {!of.confirmed && (
              <button className="button" disabled={refusal !== null} onClick={() => confirm.mutate()}>
                {t('agreement.confirm')}
              </button>
            )}
            <button className="button" disabled={refusal === 'not_an_approver'} onClick={onEnd}>
              {t('agreement.end')}
            </button>
            {!of.confirmed && refusal !== null && (
              <span className="quiet">{wordOf(t, 'agreement.refusal', refusal)}</span>
            )}
          </div>
        )}
        <Refused error={confirm.error} />
      </div>
    </li>
  );
}

/** What was agreed with those who speak for the staff: without it, rules on staff data are off. */
export function Agreements({ sets }: { sets: Sets }) {
  const t = useText();
  const decided = useDecided();
  const decides = hasRole(useSession(), ['officer']);
  const [asked, setAsked] = useState<'record' | Agreement>();
  const close = () => setAsked(undefined);
  return (
    <section className="card">
      <header>
        <h2>{t('agreement.title')}</h2>
        {decides && (
          <button className="button no-print" onClick={() => setAsked('record')}>
            {t('agreement.record')}
          </button>
        )}
      </header>
      {sets.agreements.length === 0 ? (
        <p className="pad quiet">{t('agreement.none')}</p>
      ) : (
        <ul className="agreements">
          {sets.agreements.map((each) => (
            <One key={each.number} of={each} decides={decides} onEnd={() => setAsked(each)} />
          ))}
        </ul>
      )}
      {asked === 'record' && <Record onClose={close} />}
      {asked && asked !== 'record' && (
        <ReasonDialog
          title={t('agreement.end')}
          about={String(asked.number)}
          lead={t('agreement.end.lead', { reference: asked.reference })}
          hint={t('decision.reason.no_names')}
          onSend={async (reason) => {
            decided(
              await request('post', '/api/agreements/{number}/decisions', {
                path: { number: asked.number },
                body: { action: 'end', reason },
              }),
              'agreement.ended',
            );
            close();
          }}
          onClose={close}
        />
      )}
    </section>
  );
}
