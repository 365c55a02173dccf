import { useState } from 'react';
import { subjectsInOrder } from '../../components/AlertLine';
import { ReasonDialog } from '../../components/ReasonDialog';
import type { AlertSummary } from '../../lib/api/alerts';
import type { Schemas } from '../../lib/api/client';
import { useText } from '../../lib/i18n/useText';

export type HoldAnswer = Schemas['HoldAnswer']['answer'];

export const isHoldable = (alert: AlertSummary) => alert.subjects.some(({ kind }) => kind === 'container');

export function HoldDialog(given: {
  alert: AlertSummary;
  onSend: (body: Schemas['NewHold']) => Promise<void>;
  onClose: () => void;
}) {
  const t = useText();
  const boxes = subjectsInOrder(given.alert.subjects).filter(({ kind }) => kind === 'container');
  const [container, setContainer] = useState(boxes[0]?.value ?? '');
  return (
    <ReasonDialog
      title={t('hold.ask')}
      lead={t('hold.ask.lead')}
      hint={t('hold.ask.hint')}
      onSend={(reason) => given.onSend({ reason, container })}
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
    </ReasonDialog>
  );
}

export function AnswerDialog(given: {
  answer: HoldAnswer;
  container: string;
  onSend: (reason: string) => Promise<void>;
  onClose: () => void;
}) {
  const t = useText();
  return (
    <ReasonDialog
      title={t(`hold.answer.${given.answer}`)}
      lead={given.container}
      hint={t('hold.answer.hint')}
      onSend={given.onSend}
      onClose={given.onClose}
    />
  );
}
