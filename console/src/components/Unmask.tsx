import { createContext, useContext, useMemo } from 'react';
import { hasRole, useSession } from '../lib/api/session';
import { useText } from '../lib/i18n/useText';
import { askToUnmask, useOffer, type Ground } from '../lib/unmask';

/** On which grounds the pseudonyms below may be asked for; none: they are shown and no more. */
export const GroundContext = createContext<readonly Ground[]>([]);

function Ask({ pseudonym, grounds }: { pseudonym: string; grounds: readonly Ground[] }) {
  const t = useText();
  const mayAsk = hasRole(useSession(), ['officer']);
  const offer = useMemo(() => (mayAsk ? { pseudonym, grounds } : undefined), [mayAsk, pseudonym, grounds]);
  useOffer(offer);
  if (!offer) return null;
  const name = t('unmask.of', { pseudonym });
  return (
    <button type="button" className="unmask no-print" aria-label={name} title={name} onClick={() => askToUnmask(offer)}>
      <svg width="13" height="13" viewBox="0 0 14 14" fill="none" stroke="currentColor" strokeWidth="1.4" aria-hidden>
        <path d="M1 7c2-3 4-4.2 6-4.2S11 4 13 7c-2 3-4 4.2-6 4.2S3 10 1 7z" />
        <circle cx="7" cy="7" r="1.8" />
      </svg>
    </button>
  );
}

/** Asks, where there is a ground, whom a pseudonym stands for. */
export function Unmask({ pseudonym }: { pseudonym: string }) {
  const grounds = useContext(GroundContext);
  return grounds.length === 0 ? null : <Ask pseudonym={pseudonym} grounds={grounds} />;
}
