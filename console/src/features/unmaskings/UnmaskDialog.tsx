import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { FormDialog } from '../../components/Dialog';
import { ReasonField, Refused } from '../../components/Reason';
import { tell } from '../../components/Toast';
import { request } from '../../lib/api/client';
import { useDraft } from '../../lib/drafts';
import { useRuleText } from '../../lib/i18n/useShipped';
import { useText } from '../../lib/i18n/useText';
import { askToUnmask, kReasonLeast, useAsked, type Offer } from '../../lib/unmask';
import './unmaskings.css';

const kWays = ['ask', 'break'] as const;
type Way = (typeof kWays)[number];

function Question({ pseudonym, grounds }: Offer) {
  const t = useText();
  const say = useRuleText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [way, setWay] = useState<Way>('ask');
  const [alertId, setAlertId] = useState(grounds[0]?.alert_id ?? '');
  const [reason, setReason] = useDraft(`unmask ${pseudonym}`);
  const ground = grounds.find(({ alert_id }) => alert_id === alertId);
  const close = () => askToUnmask(undefined);
  const send = useMutation({
    mutationFn: () =>
      request('post', way === 'ask' ? '/api/unmaskings' : '/api/broken-glass', {
        body: {
          pseudonym,
          alert_id: alertId,
          reason: reason.trim(),
          ...(ground?.case_id && { case_id: ground.case_id }),
        },
      }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['unmaskings'] });
      close();
      tell({ text: t(`unmask.${way}.done`) });
      if (way === 'break') navigate('/unmaskings?show=mine');
    },
  });
  return (
    <FormDialog
      title={t('unmask.title')}
      lead={
        <>
          <span className="fixed">{pseudonym}</span> {t('unmask.lead')}
        </>
      }
      send={t(`unmask.${way}.send`)}
      busy={send.isPending}
      disabled={reason.trim().length < kReasonLeast || !ground}
      onSend={() => send.mutate()}
      onClose={close}
      problem={<Refused error={send.error} />}
    >
      <fieldset className="unmask-ways">
        <legend className="hidden">{t('unmask.way')}</legend>
        {kWays.map((each) => (
          <label key={each} className={each === way ? 'chosen' : ''}>
            <input type="radio" name="way" checked={each === way} onChange={() => setWay(each)} />
            <span>
              <b>{t(`unmask.${each}.send`)}</b>
              <br />
              <span className="quiet">{t(`unmask.${each}.meaning`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <label className="field">
        <span>{t('unmask.ground')}</span>
        <select className="input" value={alertId} onChange={(event) => setAlertId(event.target.value)}>
          {grounds.map(({ alert_id, title }) => (
            <option key={alert_id} value={alert_id} lang={say(title) === title ? 'en' : undefined}>
              {say(title)}
            </option>
          ))}
        </select>
      </label>
      <ReasonField hint={t('unmask.reason.hint')} autoFocus required value={reason} onChange={setReason} />
    </FormDialog>
  );
}

/** The question that a pseudonym anywhere on a page, or the palette, has opened. */
export function UnmaskDialog() {
  const asked = useAsked();
  useEffect(() => () => askToUnmask(undefined), []);
  return asked ? <Question {...asked} /> : null;
}
