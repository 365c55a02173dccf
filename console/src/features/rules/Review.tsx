import { useText } from '../../lib/i18n/useText';

/** What the server says where it names nobody. */
const kAnybody = 'a second person';

/** Who looks at it again: there was no second person when it was decided. Nothing where nobody needs to. */
export function Review({ by }: { by: string }) {
  const t = useText();
  if (by === '') return null;
  const who = by === kAnybody ? t('rule_set.second_person') : by;
  return <span className="tag open">{t('rule_set.review', { by: who })}</span>;
}
