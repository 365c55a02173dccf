import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Refused } from '../../components/Reason';
import { request, type Schemas } from '../../lib/api/client';
import { useHiding } from '../../lib/hiding';
import { wordOf } from '../../lib/i18n/text';
import { useText } from '../../lib/i18n/useText';

/** A value in clear stays on the screen no longer than it takes to write it down. */
const kShownFor = 60_000;

/** Whom the pseudonym stands for, on demand: kept in no cache, hidden again by itself, never printed. */
export function ClearValue({ unmaskingId }: { unmaskingId: string }) {
  const t = useText();
  const client = useQueryClient();
  const [shown, setShown] = useState<Pick<Schemas['UnmaskedValue'], 'value' | 'unknown'>>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  useHiding(shown !== undefined, kShownFor, () => setShown(undefined));
  const read = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const { value, unknown } = await request('post', '/api/unmaskings/{unmaskingId}/readings', {
        path: { unmaskingId },
      });
      setShown({ value, unknown });
      void client.invalidateQueries({ queryKey: ['unmaskings'] });
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  };
  return (
    <div className="clear-value row wrap no-print" aria-live="polite">
      {shown ? (
        <>
          {shown.value !== null ? (
            <b className="fixed">{shown.value}</b>
          ) : (
            <span className="tag open">{wordOf(t, 'unmask.unknown', shown.unknown ?? '')}</span>
          )}
          <button className="button" onClick={() => setShown(undefined)}>
            {t('unmask.hide')}
          </button>
          <span className="quiet small">{t('unmask.hides')}</span>
        </>
      ) : (
        <>
          <button className="button primary" disabled={busy} onClick={() => void read()}>
            {t('unmask.show')}
          </button>
          <span className="quiet small">{t('unmask.show.recorded')}</span>
        </>
      )}
      <Refused error={error} />
    </div>
  );
}
