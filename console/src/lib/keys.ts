import { useLayoutEffect, useRef } from 'react';
import { preferences } from './preferences';

export type KeyTable = Record<string, (event: KeyboardEvent) => void>;

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)) &&
  !(target instanceof HTMLInputElement && ['checkbox', 'radio', 'button'].includes(target.type));

/** Name of a key press as the tables write it: `j`, `?`, `Enter`, `Mod+k` (Ctrl or Command). */
export const keyName = (event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey'>) =>
  (event.ctrlKey || event.metaKey ? 'Mod+' : '') + event.key;

/**
 * Keys of a page. They rest while somebody types or a dialog is open; Enter and Space stay with a focused button or
 * link. Keys with Mod work everywhere.
 */
export function useKeys(table: KeyTable, active = true) {
  const latest = useRef(table);
  latest.current = table;
  // Before it is painted: no key is lost on a page that can be seen.
  useLayoutEffect(() => {
    if (!active) return;
    const onKey = (event: KeyboardEvent) => {
      const name = keyName(event);
      const act = latest.current[name];
      if (!act || event.altKey || event.defaultPrevented) return;
      if (!name.startsWith('Mod+')) {
        if (isTyping(event.target) || document.querySelector('dialog[open]')) return;
        const onControl =
          event.target instanceof HTMLElement && event.target.closest('button, a, summary, [role=menu]');
        if (onControl && (name === 'Enter' || name === ' ')) return;
        if (name.length === 1 && !preferences().single_keys) return;
      }
      event.preventDefault();
      act(event);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [active]);
}
