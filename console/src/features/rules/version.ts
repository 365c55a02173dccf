import { useText } from '../../lib/i18n/useText';

/** "the rules of the program", "version 3". */
export function useVersionText() {
  const t = useText();
  return (version: number) => (version === 0 ? t('rule_set.shipped') : t('rule_set.version', { version }));
}
