import { useMemo } from 'react';
import { usePreferences } from '../preferences';
import { languageFor, translator, type Language, type Translate } from './text';

export const useLanguage = (): Language => languageFor(usePreferences().language, navigator.languages);

export function useText(): Translate {
  const language = useLanguage();
  return useMemo(() => translator(language), [language]);
}
