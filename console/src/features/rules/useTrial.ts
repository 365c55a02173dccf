import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { backtestQuery } from '../../lib/api/lists';
import type { Draft } from './draft';
import { keepTrial, keptTrial, nameOf, type Trial } from './trial';

/** The draft's trial on history, if there is one: kept for the tab, and whether it is still of this draft. */
export function useTrial(draft: Draft) {
  const [trial, setTrial] = useState(keptTrial);
  const [isGivenUp, setGivenUp] = useState(false);
  const { data, error } = useQuery({ ...backtestQuery(trial?.id ?? ''), enabled: trial !== undefined });
  const put = (next: Trial | undefined, givenUp = false) => {
    keepTrial(next);
    setTrial(next);
    setGivenUp(givenUp);
  };
  const isOfDraft = trial !== undefined && trial.of === nameOf(draft);
  return {
    id: trial?.id,
    isOfDraft,
    isGivenUp,
    isUnderWay: trial !== undefined && error === null && data !== undefined && ['reading', 'judging'].includes(data.state),
    /** What goes with a proposal of this draft. */
    done: isOfDraft && data?.state === 'done' ? data : undefined,
    begun: (id: string) => put({ id, of: nameOf(draft) }),
    givenUp: () => put(undefined, true),
    forget: () => put(undefined),
  };
}
