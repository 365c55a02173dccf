import type { Schemas } from '../../lib/api/client';
import { useText } from '../../lib/i18n/useText';

/** Who decided: by name within one's own organisation, else by pseudonym. */
export function Account({ of }: { of: Schemas['RuleAccount'] }) {
  const t = useText();
  if (of.is_me) return <>{t('rule_set.you')}</>;
  return of.person ? <>{of.person.name || of.person.login}</> : <span className="fixed">{of.account}</span>;
}
