import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { CaseLink } from '../../components/CaseLink';
import { ReasonDialog } from '../../components/ReasonDialog';
import { RuleWords } from '../../components/ServerWords';
import { Age, Time } from '../../components/Time';
import { tell } from '../../components/Toast';
import { request, type Schemas } from '../../lib/api/client';
import { hasRole, useSession } from '../../lib/api/session';
import { useText } from '../../lib/i18n/useText';
import { useNow } from '../../lib/now';
import { kReasonLeast } from '../../lib/unmask';
import { ClearValue } from './ClearValue';

type Unmasking = Schemas['Unmasking'];
type Answer = 'approve' | 'refuse' | 'justified' | 'unjustified';

const isOver = ({ readable_until }: Unmasking, now: number) =>
  readable_until !== null && Date.parse(readable_until) <= now;

function State({ of }: { of: Unmasking }) {
  const t = useText();
  const now = useNow();
  const isOverdue = of.state === 'broken' && of.decided === null && Date.parse(of.due_at) <= now;
  return (
    <>
      <span className={of.state === 'asked' ? 'tag open' : 'tag'}>{t(`unmask.state.${of.state}`)}</span>
      {of.state === 'broken' && of.decided === null && (
        <span className={isOverdue ? 'tag overdue' : 'tag open'}>
          {t(isOverdue ? 'unmask.review.overdue' : 'unmask.review.open')}
        </span>
      )}
      {of.state === 'broken' && of.decided && <span className="tag">{t(`unmask.step.${of.decided.action}`)}</span>}
      {isOver(of, now) && <span className="tag">{t('unmask.over')}</span>}
    </>
  );
}

function Said({ step }: { step: Schemas['UnmaskingStep'] }) {
  const t = useText();
  return (
    <li>
      <Time at={step.at} />
      <div>
        <b>{t(`unmask.step.${step.action}`)}</b> <span className="quiet">{step.by.name || step.by.login}</span>
        <p>{step.reason}</p>
      </div>
    </li>
  );
}

function Ground({ of }: { of: Unmasking }) {
  const t = useText();
  const follows = hasRole(useSession(), ['officer', 'viewer']);
  return (
    <p className="row wrap">
      <span className="quiet">{t('unmask.ground')}</span>
      {follows && of.alert_title !== null ? (
        <Link to={`/watch?state=all&alert=${of.alert_id}`}>
          <RuleWords of={of.alert_title} />
        </Link>
      ) : (
        <span className="fixed small">{of.alert_id}</span>
      )}
      {of.case_id !== null && <CaseLink caseId={of.case_id} />}
      <span className="fixed quiet small">{of.field}</span>
    </p>
  );
}

function Readings({ of }: { of: Unmasking }) {
  const t = useText();
  if (of.readings.length === 0) return <p className="quiet">{t('unmask.readings.none')}</p>;
  return (
    <details>
      <summary>{t('unmask.readings', { count: of.readings.length })}</summary>
      <ul className="unmask-readings">
        {of.readings.map(({ by, at }, index) => (
          <li key={index}>
            <Time at={at} shape="second" /> {by.name || by.login}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** One unmasking with all that was said and done, and what the reader can do with it now. */
export function OneUnmasking({ of }: { of: Unmasking }) {
  const t = useText();
  const client = useQueryClient();
  const now = useNow();
  const [asked, setAsked] = useState<Answer>();
  const answers: Answer[] = of.can.decide ? ['approve', 'refuse'] : of.can.review ? ['justified', 'unjustified'] : [];
  const send = async (answer: Answer, reason: string) => {
    const path = { unmaskingId: of.unmasking_id };
    if (answer === 'approve' || answer === 'refuse')
      await request('post', '/api/unmaskings/{unmaskingId}/decision', { path, body: { decision: answer, reason } });
    else await request('post', '/api/unmaskings/{unmaskingId}/review', { path, body: { verdict: answer, reason } });
    void client.invalidateQueries({ queryKey: ['unmaskings'] });
    tell({ text: t(`unmask.answered.${answer}`) });
    setAsked(undefined);
  };
  return (
    <article className="card unmasking" aria-label={of.pseudonym}>
      <header>
        <h2 className="fixed">{of.pseudonym}</h2>
        <State of={of} />
        <span className="grow" />
        <Age at={of.begun.at} />
      </header>
      <div className="unmasking-body">
        <Ground of={of} />
        <ul className="unmask-steps">
          <Said step={of.begun} />
          {of.decided && <Said step={of.decided} />}
        </ul>
        <p className="row wrap quiet">
          {of.decided === null && of.state !== 'lapsed' && (
            <span>
              {t(of.state === 'broken' ? 'unmask.due.review' : 'unmask.due.answer')} <Time at={of.due_at} />
            </span>
          )}
          {of.readable_until !== null && (
            <span>
              {t(isOver(of, now) ? 'unmask.readable.was' : 'unmask.readable')} <Time at={of.readable_until} />
            </span>
          )}
          {of.outside_reviewer !== null && <span>{t('unmask.outside', { by: of.outside_reviewer })}</span>}
        </p>
        <Readings of={of} />
        {of.can.read && <ClearValue unmaskingId={of.unmasking_id} />}
        {answers.length > 0 && (
          <div className="row wrap no-print">
            {answers.map((answer) => (
              <button key={answer} className="button" onClick={() => setAsked(answer)}>
                {t(`unmask.answer.${answer}`)}
              </button>
            ))}
          </div>
        )}
      </div>
      {asked && (
        <ReasonDialog
          title={t(`unmask.answer.${asked}`)}
          about={of.unmasking_id}
          lead={
            <>
              <span className="fixed">{of.pseudonym}</span> · {t(`unmask.answer.${asked}.lead`)}
            </>
          }
          hint={t('unmask.reason.hint')}
          least={kReasonLeast}
          onSend={(reason) => send(asked, reason)}
          onClose={() => setAsked(undefined)}
        />
      )}
    </article>
  );
}
