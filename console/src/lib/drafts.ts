import { useEffect, useState } from 'react';

/**
 * What somebody was typing when the session ended, so that the same user finds it again. In memory only, and nothing
 * that was read is in it: the pages themselves are taken away with the session.
 */
const drafts = new Map<string, string>();

type User = { id: string; login: string };
let left: User | undefined;

/** Whose session ended while pages were open. */
export const leftBy = () => left;

/** The session ended by itself: what is being typed is kept. */
export function leave(user: User) {
  left = user;
}

/** Whether it is the one who left, or the first. To another nothing is left. */
export function comeBack(user: User): boolean {
  const isSame = left === undefined || left.id === user.id;
  if (!isSame) drafts.clear();
  left = undefined;
  return isSame;
}

export function forgetDrafts() {
  drafts.clear();
  left = undefined;
}

export const keepDraft = (name: string, text: string) => drafts.set(name, text);
export const draftOf = (name: string) => drafts.get(name);

/** Called where a text is not on the page any more: only the end of a session keeps it. */
export const closeDraft = (name: string) => left === undefined && drafts.delete(name);

/** A state that outlives the end of a session. `name` tells it apart from every other. */
export function useDraft(name: string, initial = ''): [string, (text: string) => void] {
  const [text, setText] = useState(() => draftOf(name) ?? initial);
  useEffect(() => () => void closeDraft(name), [name]);
  const put = (changed: string) => {
    keepDraft(name, changed);
    setText(changed);
  };
  return [text, put];
}
