import { useMeaning, useMessage, useRuleText, type Say } from '../lib/i18n/useShipped';

// What the server says in English, as the page says it, and to a screen reader in which language it is.
const words = (useWords: () => Say) =>
  function Words({ of }: { of: string }) {
    const said = useWords()(of);
    return <span lang={said === of ? 'en' : undefined}>{said}</span>;
  };

export const RuleWords = words(useRuleText);
export const Meaning = words(useMeaning);
export const Message = words(useMessage);
