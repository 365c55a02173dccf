import { useEffect } from 'react';

/** What one can do on the page at hand, by name: the palette has it too. */
export type PageAction = { id: string; text: string; run: () => void };

const actions = new Set<PageAction>();

export const pageActions = (): PageAction[] => [...actions];

/** Undefined: not now. */
export function usePageAction(action: PageAction | undefined) {
  useEffect(() => {
    if (!action) return;
    actions.add(action);
    return () => void actions.delete(action);
  });
}
