import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { FormDialog } from '../../components/Dialog';
import { Refused } from '../../components/Reason';
import { tell } from '../../components/Toast';
import { request, type Schemas } from '../../lib/api/client';
import { useText } from '../../lib/i18n/useText';
import { useNow } from '../../lib/now';

type Body = Schemas['NewSubjectRequest'];
const kKinds: readonly Body['kind'][] = ['access', 'correction', 'objection'];
const kClasses = ['accounts', 'credentials', 'persons', 'plates'] as const;
type Known = { of: (typeof kClasses)[number]; value: string };
export const kWordsLeast = 10;
const kMostKnown = 8;

const byClass = (known: readonly Known[]) =>
  Object.fromEntries(
    kClasses
      .map((each) => [each, known.filter(({ of, value }) => of === each && value.trim()).map(({ value }) => value.trim())])
      .filter(([, values]) => values!.length > 0),
  ) as Pick<Body, (typeof kClasses)[number]>;

function Text(given: { label: string; hint?: string; value: string; onChange: (value: string) => void }) {
  return (
    <label className="field">
      <span>{given.label}</span>
      <textarea
        className="input"
        maxLength={2000}
        value={given.value}
        onChange={(event) => given.onChange(event.target.value)}
      />
      {given.hint && <small>{given.hint}</small>}
    </label>
  );
}

function KnownBy({ known, onChange }: { known: readonly Known[]; onChange: (known: readonly Known[]) => void }) {
  const t = useText();
  const put = (at: number, change: Partial<Known>) =>
    onChange(known.map((each, index) => (index === at ? { ...each, ...change } : each)));
  return (
    <fieldset className="request-known-by">
      <legend>{t('request.known_by')}</legend>
      {known.map(({ of, value }, at) => (
        <div key={at} className="row">
          <select
            className="input"
            aria-label={t('request.class')}
            value={of}
            onChange={(event) => put(at, { of: event.target.value as Known['of'] })}
          >
            {kClasses.map((each) => (
              <option key={each} value={each}>
                {t(`request.class.${each}`)}
              </option>
            ))}
          </select>
          <input
            className="input grow"
            aria-label={t('request.value')}
            autoComplete="off"
            spellCheck={false}
            maxLength={200}
            value={value}
            onChange={(event) => put(at, { value: event.target.value })}
          />
        </div>
      ))}
      <div className="row wrap">
        <button
          type="button"
          className="button plain"
          disabled={known.length === kMostKnown}
          onClick={() => onChange([...known, { of: 'accounts', value: '' }])}
        >
          {t('request.known_by.more')}
        </button>
        <small className="quiet">{t('request.known_by.hint')}</small>
      </div>
    </fieldset>
  );
}

/** Takes what a person asked for; what he is known by leaves the page once and comes back as a pseudonym. */
export function OpenRequest({ onClose }: { onClose: () => void }) {
  const t = useText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const today = new Date(useNow()).toISOString().slice(0, 10);
  const [kind, setKind] = useState<Body['kind']>('access');
  const [received, setReceived] = useState(today);
  const [known, setKnown] = useState<readonly Known[]>([{ of: 'accounts', value: '' }]);
  const [check, setCheck] = useState('');
  const [words, setWords] = useState('');
  const [right, setRight] = useState('');
  const isCorrection = kind === 'correction';
  const send = useMutation({
    mutationFn: () =>
      request('post', '/api/subject-requests', {
        body: {
          kind,
          received_on: received,
          identity_check: check.trim(),
          ...(words.trim() && { words: words.trim() }),
          ...(isCorrection && { right: right.trim() }),
          ...byClass(known),
        },
      }),
    gcTime: 0,
    onSuccess: ({ request_id }) => {
      void client.invalidateQueries({ queryKey: ['requests'] });
      onClose();
      tell({ text: t('request.opened') });
      navigate(`/requests/${request_id}`);
    },
  });
  const isWhole =
    received !== '' &&
    check.trim().length >= kWordsLeast &&
    known.some(({ value }) => value.trim() !== '') &&
    (kind === 'access' || words.trim().length >= kWordsLeast) &&
    (!isCorrection || right.trim() !== '');
  return (
    <FormDialog
      title={t('request.open')}
      lead={t('request.open.lead')}
      send={t('request.open')}
      busy={send.isPending}
      disabled={!isWhole}
      onSend={() => send.mutate()}
      onClose={onClose}
      problem={<Refused error={send.error} />}
    >
      <div className="row wrap request-first">
        <label className="field">
          <span>{t('request.kind')}</span>
          <select
            className="input"
            autoFocus
            value={kind}
            onChange={(event) => setKind(event.target.value as Body['kind'])}
          >
            {kKinds.map((each) => (
              <option key={each} value={each}>
                {t(`request.kind.${each}`)}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span>{t('request.received')}</span>
          <input
            className="input"
            type="date"
            max={today}
            value={received}
            onChange={(event) => setReceived(event.target.value)}
          />
        </label>
      </div>
      <KnownBy known={known} onChange={setKnown} />
      <Text label={t('request.check')} hint={t('request.words.hint')} value={check} onChange={setCheck} />
      {kind !== 'access' && (
        <Text label={t(`request.words.${kind}`)} hint={t('request.words.hint')} value={words} onChange={setWords} />
      )}
      {isCorrection && (
        <Text label={t('request.right')} hint={t('request.right.hint')} value={right} onChange={setRight} />
      )}
    </FormDialog>
  );
}
