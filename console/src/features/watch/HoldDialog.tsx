import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { subjectsInOrder } from '../../components/AlertLine';
import { ReasonDialog } from '../../components/ReasonDialog';
import { Answer } from '../../components/States';
import { holdReceiversQuery, type AlertSummary } from '../../lib/api/alerts';
import type { Schemas } from '../../lib/api/client';
import { useText } from '../../lib/i18n/useText';

export type HoldAnswer = Schemas['HoldAnswer']['answer'];

export const isHoldable = (alert: AlertSummary) => alert.subjects.some(({ kind }) => kind === 'container');

/** Where the request goes: to a receiver of the site, or no further than its outbox. */
function Receivers(given: { of: Schemas['HoldReceivers']; chosen: string; onChoose: (receiver: string) => void }) {
  const t = useText();
  if (given.of.items.length === 0) return <p className="quiet">{t('hold.receiver.outbox')}</p>;
  return (
    <label className="field">
      <span>{t('hold.receiver')}</span>
      <select className="input" value={given.chosen} onChange={(event) => given.onChoose(event.target.value)}>
        {given.of.items.map(({ name, form }) => (
          <option key={name} value={name}>
            {name} · {t(`hold.form.${form}`)}
          </option>
        ))}
        <option value="">{t('hold.receiver.none')}</option>
      </select>
    </label>
  );
}

export function HoldDialog(given: {
  alert: AlertSummary;
  onSend: (body: Schemas['NewHold']) => Promise<void>;
  onClose: () => void;
}) {
  const t = useText();
  const boxes = subjectsInOrder(given.alert.subjects).filter(({ kind }) => kind === 'container');
  const [container, setContainer] = useState(boxes[0]?.value ?? '');
  const receivers = useQuery(holdReceiversQuery(given.alert.alert_id));
  const [chosen, setChosen] = useState<string | undefined>();
  const receiver = chosen ?? receivers.data?.items[0]?.name ?? '';
  return (
    <ReasonDialog
      title={t('hold.ask')}
      about={given.alert.alert_id}
      lead={t('hold.ask.lead')}
      hint={t('hold.ask.hint')}
      disabled={receivers.isPending}
      onSend={(reason) => given.onSend({ reason, container, ...(receiver && { receiver }) })}
      onClose={given.onClose}
    >
      <label className="field">
        <span>{t('hold.container')}</span>
        <select className="input" value={container} onChange={(event) => setContainer(event.target.value)}>
          {boxes.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <Answer of={receivers}>{(of) => <Receivers of={of} chosen={receiver} onChoose={setChosen} />}</Answer>
    </ReasonDialog>
  );
}

export function AnswerDialog(given: {
  answer: HoldAnswer;
  holdId: string;
  container: string;
  onSend: (reason: string) => Promise<void>;
  onClose: () => void;
}) {
  const t = useText();
  return (
    <ReasonDialog
      title={t(`hold.answer.${given.answer}`)}
      about={given.holdId}
      lead={given.container}
      hint={t('hold.answer.hint')}
      onSend={given.onSend}
      onClose={given.onClose}
    />
  );
}
