import { queryOptions, skipToken, useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { Language } from './text';
import { useLanguage } from './useText';

/** Texts that the server gives in English, by that English, as data/texts says them: what rules say, what fields mean. */
type Kind = 'rules' | 'fields';
type Shipped = Readonly<Record<string, string>>;

// Those of the server, the command line and mails too. Longer than the words of all pages together: who reads English never fetches them.
const kFiles: Partial<Record<Language, Record<Kind, () => Promise<{ default: Shipped }>>>> = {
  es: {
    rules: () => import('../../../../data/texts/rules/es.json'),
    fields: () => import('../../../../data/texts/fields/es.json'),
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

function useShipped(kind: Kind): Say {
  const shipped = useQuery(shippedQuery(kind, useLanguage())).data;
  return useCallback((text) => (shipped && Object.hasOwn(shipped, text) ? shipped[text]! : text), [shipped]);
}

/** Says a text of a rule in the language of the page. What a site wrote itself is not known here and stands as it is. */
export const useRuleText = () => useShipped('rules');

/** Says what an event type, field or fact means in the language of the page. */
export const useMeaning = () => useShipped('fields');
