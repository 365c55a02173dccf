import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ReasonDialog } from '../../components/ReasonDialog';
import { Answer, Empty } from '../../components/States';
import { Age } from '../../components/Time';
import { tell } from '../../components/Toast';
import { request, type Schemas } from '../../lib/api/client';
import { gateHoldsQuery } from '../../lib/api/lists';
import { useText } from '../../lib/i18n/useText';
import { Lorries } from './Lorries';
import './gate.css';

type Said = Schemas['HoldAnswer']['answer'];
const kSaid: readonly Said[] = ['held', 'refused'];

function GateHold({ hold }: { hold: Schemas['GateHold'] }) {
  const t = useText();
  const client = useQueryClient();
  const [asked, setAsked] = useState<Said>();
  const send = async (answer: Said, reason: string) => {
    await request('post', '/api/gate/holds/{holdId}/answer', {
      path: { holdId: hold.hold_id },
      body: { answer, reason },
    });
    void client.invalidateQueries({ queryKey: gateHoldsQuery.queryKey });
    tell({ text: t(`gate.said.${answer}`, { container: hold.container }) });
    setAsked(undefined);
  };
  const isHeld = hold.state === 'answered';
  return (
    <article className="card gate-hold" aria-label={hold.container}>
      <header>
        <h2 className="fixed">{hold.container}</h2>
        <span className={isHeld ? 'tag' : 'tag open'}>{t(isHeld ? 'hold.answered' : 'gate.stop')}</span>
        <span className="grow" />
        <Age at={hold.requested_at} />
      </header>
      <div className="gate-body">
        <p className="fixed quiet">{hold.facility}</p>
        <Lorries holdId={hold.hold_id} />
        {!isHeld && (
          <div className="row wrap">
            {kSaid.map((answer) => (
              <button key={answer} className="button" onClick={() => setAsked(answer)}>
                {t(`gate.answer.${answer}`)}
              </button>
            ))}
          </div>
        )}
      </div>
      {asked && (
        <ReasonDialog
          title={t(`gate.answer.${asked}`)}
          lead={hold.container}
          hint={t('gate.answer.hint')}
          about={hold.hold_id}
          onSend={(reason) => send(asked, reason)}
          onClose={() => setAsked(undefined)}
        />
      )}
    </article>
  );
}

/** For who stands at the gate, often with a telephone: the boxes that must not leave, and whose lorry comes for them. */
export default function GatePage() {
  const t = useText();
  const answer = useQuery(gateHoldsQuery);
  return (
    <div className="sheet at-gate">
      <h1>{t('page.gate')}</h1>
      <p className="quiet">{t('gate.lead')}</p>
      <Answer of={answer}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="gate.none" next="gate.none.next" />
          ) : (
            items.map((hold) => <GateHold key={hold.hold_id} hold={hold} />)
          )
        }
      </Answer>
    </div>
  );
}
