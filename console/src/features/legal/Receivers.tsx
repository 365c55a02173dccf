import { useState } from 'react';
import { ReasonDialog } from '../../components/ReasonDialog';
import { Time } from '../../components/Time';
import type { Schemas } from '../../lib/api/client';
import { useText } from '../../lib/i18n/useText';
import { kWordsLeast } from './OpenRequest';

type Receiver = Schemas['SubjectRequest']['receivers'][number];

/** Whom a correction is passed on to: each is told, or it is said why not. */
export function Receivers(given: {
  of: Schemas['SubjectRequest'];
  onSend: (body: Schemas['SubjectRequestStep']) => Promise<void>;
}) {
  const t = useText();
  const [asked, setAsked] = useState<{ receiver: Receiver; told: boolean }>();
  const title = asked && t(asked.told ? 'request.told' : 'request.not_told');
  return (
    <section className="card request-about">
      <h2>{t('request.receivers')}</h2>
      <p className="quiet">{t('request.receivers.lead')}</p>
      <ul className="request-steps">
        {given.of.receivers.map((receiver) => (
          <li key={receiver.id}>
            <b>{receiver.name}</b>
            {receiver.done ? (
              <div>
                <span className="tag">{t(receiver.done.told ? 'request.told' : 'request.not_told')}</span>{' '}
                <Time at={receiver.done.at} /> <span className="quiet">{receiver.done.by.name}</span>
                <p>{receiver.done.words}</p>
              </div>
            ) : (
              <div className="row wrap">
                {[true, false].map((told) => (
                  <button key={String(told)} className="button" onClick={() => setAsked({ receiver, told })}>
                    {t(told ? 'request.told' : 'request.not_told')}
                  </button>
                ))}
              </div>
            )}
          </li>
        ))}
      </ul>
      {asked && title && (
        <ReasonDialog
          title={title}
          about={asked.receiver.id}
          lead={
            <>
              {asked.receiver.name} · {t(asked.told ? 'request.told.lead' : 'request.not_told.lead')}
            </>
          }
          hint={t('request.words.hint')}
          least={kWordsLeast}
          onSend={async (words) => {
            await given.onSend({ action: 'tell', words, receiver: asked.receiver.id, told: asked.told });
            setAsked(undefined);
          }}
          onClose={() => setAsked(undefined)}
        />
      )}
    </section>
  );
}
