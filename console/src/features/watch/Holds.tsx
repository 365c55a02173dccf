import { useState } from 'react';
import { Elapsed } from '../../components/Elapsed';
import { Message } from '../../components/ServerWords';
import { Time } from '../../components/Time';
import type { Alert, Hold } from '../../lib/api/alerts';
import { containerLabel } from '../../lib/containers';
import { useText } from '../../lib/i18n/useText';
import { AnswerDialog, type HoldAnswer } from './HoldDialog';

/** When the clock of a hold stopped: answered, or found to be too late. */
const endOf = (hold: Hold) => hold.answered_at ?? (hold.state === 'too_late' ? (hold.steps.at(-1)?.at ?? null) : null);

function Steps({ hold }: { hold: Hold }) {
  const t = useText();
  return (
    <ul className="history">
      {hold.steps.map((step, index) => (
        <li key={index}>
          <Time at={step.at} shape="second" />
          <b>{t(`hold.step.${step.step}`)}</b>
          {step.by && <span className="quiet">{step.by.name || step.by.login}</span>}
          {step.reason && (step.by ? <span>{step.reason}</span> : <Message of={step.reason} />)}
          {step.step === 'failed' && <span className="tag open">{t('told.attempts', { count: step.attempt ?? 1 })}</span>}
        </li>
      ))}
    </ul>
  );
}

/** The hold requests of an alert: each with its state, its clock and what was said. */
export function Holds(given: {
  holds: Alert['holds'];
  decides: boolean;
  onAnswer: (holdId: string, answer: HoldAnswer, reason: string) => Promise<void>;
}) {
  const t = useText();
  const [answering, setAnswering] = useState<{ hold: Hold; answer: HoldAnswer } | undefined>();
  return (
    <>
      {given.holds.map((hold) => (
        <div key={hold.hold_id} className="hold">
          <div className="row wrap">
            <b className="nowrap">{containerLabel(hold.container)}</b>
            <span className={hold.state === 'answered' ? 'tag' : 'tag open'}>{t(`hold.${hold.state}`)}</span>
            <Elapsed from={hold.requested_at} until={endOf(hold)} />
            {hold.sent_at === null && <span className="tag open">{t('hold.unsent')}</span>}
            {hold.receiver && (
              <span className={hold.sending === 'delivered' ? 'tag' : 'tag open'}>
                {t(`hold.sending.${hold.sending}`, { receiver: hold.receiver })}
              </span>
            )}
            <span className="grow" />
            {given.decides &&
              hold.state === 'requested' &&
              (['held', 'refused'] as const).map((answer) => (
                <button key={answer} className="button no-print" onClick={() => setAnswering({ hold, answer })}>
                  {t(`hold.answer.${answer}`)}
                </button>
              ))}
          </div>
          <Steps hold={hold} />
          <p className={hold.receiver ? 'quiet small' : 'notice small'}>
            {t(hold.receiver ? 'hold.files' : 'hold.carry')} <span className="fixed">{hold.hold_id}</span>
          </p>
        </div>
      ))}
      {answering && (
        <AnswerDialog
          answer={answering.answer}
          holdId={answering.hold.hold_id}
          container={containerLabel(answering.hold.container)}
          onClose={() => setAnswering(undefined)}
          onSend={async (reason) => {
            await given.onAnswer(answering.hold.hold_id, answering.answer, reason);
            setAnswering(undefined);
          }}
        />
      )}
    </>
  );
}
