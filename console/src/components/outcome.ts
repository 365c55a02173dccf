import { wordOf, type Translate } from '../lib/i18n/text';

/** The word of a part, such as `data_error` of dismissed. */
export function outcomeWord(t: Translate, part: string, word: string): string {
  if (part === 'open') return word === 'in_other_case' ? t('kpi.in_other_case') : wordOf(t, 'triage', word);
  return part === 'dismissed' ? wordOf(t, 'reason', word) : wordOf(t, 'outcome', word);
}

/** `dismissed.data_error`, or a part alone, as the key figures count it. */
export function outcomeText(t: Translate, outcome: string): string {
  const [part = '', word] = outcome.split('.');
  const name = wordOf(t, 'kpi.part', part);
  return word ? `${name}: ${outcomeWord(t, part, word)}` : name;
}
