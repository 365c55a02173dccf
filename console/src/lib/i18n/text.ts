import en from './en.json';
import es from './es.json';

/** Words by key. `name.one` and `name.other` are one key `name`, chosen by `count` (CLDR plural rules). */
type Written = keyof typeof en;
type Plural<K> = K extends `${infer Base}.other` ? Base : never;
export type Key = Written | Plural<Written>;
export type Values = Record<string, string | number>;
export type Language = 'en' | 'es';
export type Translate = (key: Key, values?: Values) => string;

export const languages: Record<Language, Record<string, string>> = { en, es };

export function languageFor(choice: string, offered: readonly string[]): Language {
  for (const tag of choice === 'auto' ? offered : [choice]) {
    const base = tag.slice(0, 2).toLowerCase();
    if (base in languages) return base as Language;
  }
  return 'en';
}

const fill = (text: string, values: Values, language: Language) =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === 'number' ? value.toLocaleString(language) : value;
  });

const plurals = new Map<Language, Intl.PluralRules>();
const pluralOf = (language: Language, count: number) => {
  const rules = plurals.get(language) ?? new Intl.PluralRules(language);
  plurals.set(language, rules);
  return rules.select(count);
};

export function translator(language: Language): Translate {
  const words = languages[language];
  return (key, values = {}) => {
    const count = values.count;
    const text =
      words[key] ??
      (typeof count === 'number' ? (words[`${key}.${pluralOf(language, count)}`] ?? words[`${key}.other`]) : undefined);
    return text === undefined ? key : fill(text, values, language);
  };
}

/** Our words for a word of the server; undefined where we have none. */
export function knownWord(t: Translate, prefix: string, word: string): string | undefined {
  const key = `${prefix}.${word}`;
  const text = t(key as Key);
  return text === key ? undefined : text;
}

/** A word of the server's vocabularies that may grow: our words where we have them, else its own with blanks. */
export const wordOf = (t: Translate, prefix: string, word: string): string =>
  knownWord(t, prefix, word) ?? word.replace(/[._]/g, ' ');
