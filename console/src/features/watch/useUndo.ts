import { useRef } from 'react';
import { tell } from '../../components/Toast';
import { useText } from '../../lib/i18n/useText';

type Undo = () => void;

/** What was done last on this page, and the way back from it. */
export function useUndo() {
  const t = useText();
  const last = useRef<{ undo: Undo | undefined } | undefined>(undefined);

  /** Told with a way back where there is one; without one, `u` does not reach back to what was done before either. */
  const done = (text: string, undo: Undo | undefined, link?: { label: string; to: string }) => {
    last.current = { undo };
    tell({
      text,
      ...(link && { link }),
      ...(undo && { action: { label: t('decision.undo'), run: () => undoLast(undefined) } }),
    });
  };
  const undoLast = (otherwise: Undo | undefined) => {
    const undo = last.current ? last.current.undo : otherwise;
    last.current = undefined;
    if (undo) undo();
    else tell({ text: t('decision.nothing_to_undo') });
  };
  return { done, undoLast };
}
