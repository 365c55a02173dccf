import { useState } from 'react';
import { Refused } from '../../components/Reason';
import { Age } from '../../components/Time';
import { request, type Schemas } from '../../lib/api/client';
import { useHiding } from '../../lib/hiding';
import { wordOf } from '../../lib/i18n/text';
import { useText } from '../../lib/i18n/useText';

/** As long as a lorry may stand in the queue. */
const kShownFor = 10 * 60_000;

function Lorry({ lorry }: { lorry: Schemas['GateLorry'] }) {
  const t = useText();
  return (
    <li>
      {lorry.plate !== null && <b className="fixed plate">{lorry.plate}</b>}
      {lorry.card !== null && (
        <span>
          <span className="quiet">{t('gate.card')}</span> <b className="fixed">{lorry.card}</b>
        </span>
      )}
      <span className="quiet small" title={lorry.feed}>
        {wordOf(t, 'event_word', lorry.type)} · <Age at={lorry.at} />
      </span>
    </li>
  );
}

/** Plates and cards in clear, on demand: each look is recorded, none is kept in a cache or printed. */
export function Lorries({ holdId }: { holdId: string }) {
  const t = useText();
  const [lorries, setLorries] = useState<Schemas['GateLorry'][]>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const hide = () => setLorries(undefined);
  useHiding(lorries !== undefined, kShownFor, hide);
  const read = async () => {
    setBusy(true);
    setError(undefined);
    try {
      setLorries((await request('post', '/api/gate/holds/{holdId}/readings', { path: { holdId } })).lorries);
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  };
  return (
    <div className="lorries no-print" aria-live="polite">
      {lorries === undefined ? (
        <div className="row wrap">
          <button className="button primary" disabled={busy} onClick={() => void read()}>
            {t('gate.show')}
          </button>
          <span className="quiet small">{t('unmask.show.recorded')}</span>
        </div>
      ) : (
        <>
          {lorries.length === 0 && <p>{t('gate.lorries.none')}</p>}
          <ul>
            {lorries.map((lorry, index) => (
              <Lorry key={index} lorry={lorry} />
            ))}
          </ul>
          <div className="row wrap">
            <button className="button" onClick={hide}>
              {t('unmask.hide')}
            </button>
            <span className="quiet small">{t('gate.hides')}</span>
          </div>
        </>
      )}
      <Refused error={error} />
    </div>
  );
}
