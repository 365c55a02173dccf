import { queryOptions, skipToken, useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { Language } from './text';
import { useLanguage } from './useText';

export type RuleText = (text: string) => string;

/** Texts of the shipped rules by their English, which is how the server gives them. */
type Shipped = Readonly<Record<string, string>>;

// Those of the server, the command line and mails too. Nearly as long as the words of all pages together: who reads English never fetches them.
const kFiles: Partial<Record<Language, () => Promise<{ default: Shipped }>>> = {
  es: () => import('../../../../data/texts/rules/es.json'),
};

const shippedQuery = (language: Language) => {
  const file = kFiles[language];
  return queryOptions({
    queryKey: ['rule texts', language],
    queryFn: file ? async () => (await file()).default : skipToken,
    staleTime: Infinity,
    gcTime: Infinity,
  });
};

/** Says a text of a rule in the language of the page. What a site wrote itself is not known here and stands as it is. */
export function useRuleText(): RuleText {
  const shipped = useQuery(shippedQuery(useLanguage())).data;
  return useCallback((text) => (shipped && Object.hasOwn(shipped, text) ? shipped[text]! : text), [shipped]);
}
