import { queryOptions, skipToken, useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { retold, type Rows } from './retold';
import type { Language } from './text';
import { useLanguage } from './useText';

/** Texts that the server gives in English, by that English, as data/texts says them: what rules say, what fields mean, and messages. */
type Kind = 'rules' | 'fields' | 'messages';

// Those of the server, the command line and mails too. Longer than the words of all pages together: who reads English never fetches them.
const kFiles: Partial<Record<Language, Record<Kind, () => Promise<{ default: Rows }>>>> = {
  es: {
    rules: () => import('../../../../data/texts/rules/es.json'),
    fields: () => import('../../../../data/texts/fields/es.json'),
    messages: () => import('../../../../data/texts/messages/es.json'),
  },
};

const shippedQuery = (kind: Kind, language: Language) => {
  const file = kFiles[language]?.[kind];
  return queryOptions({
    queryKey: ['shipped texts', kind, language],
    queryFn: file ? async () => (await file()).default : skipToken,
    staleTime: Infinity,
    gcTime: Infinity,
  });
};

export type Say = (english: string) => string;

const byItself = (rows: Rows, text: string) => (Object.hasOwn(rows, text) ? rows[text]! : text);

function useShipped(kind: Kind, find = byItself): Say {
  const rows = useQuery(shippedQuery(kind, useLanguage())).data;
  return useCallback((text) => (rows ? find(rows, text) : text), [rows, find]);
}

/** Says a text of a rule in the language of the page. What a site wrote itself is not known here and stands as it is. */
export const useRuleText = () => useShipped('rules');

/** Says what an event type, field or fact means in the language of the page. */
export const useMeaning = () => useShipped('fields');

/** Says a message of the server, whatever values stand in it, in the language of the page. */
export const useMessage = () => useShipped('messages', retold);
