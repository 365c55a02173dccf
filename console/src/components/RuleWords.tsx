import { useRuleText } from '../lib/i18n/useRuleText';

/** A text of a rule, and to a screen reader in which language it is. */
export function RuleWords({ of }: { of: string }) {
  const said = useRuleText()(of);
  return <span lang={said === of ? 'en' : undefined}>{said}</span>;
}
