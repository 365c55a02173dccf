import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import en from '../src/lib/i18n/en.json';
import es from '../src/lib/i18n/es.json';
import { languageFor, translator, wordOf, type Key } from '../src/lib/i18n/text';

const root = join(__dirname, '../src');
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (path) => /\.tsx?$/.test(path) && !/test\.ts$|schema\.ts$/.test(path),
);
const textOf = (path: string) => readFileSync(join(root, path), 'utf8');
const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

const project = join(__dirname, '../..');
/** What the rest of the program may say, and the pages put into words. */
const said = (path: string, of: RegExp) =>
  [...new Set([...readFileSync(join(project, path), 'utf8').matchAll(of)].map(([, word = '']) => word))].sort();
const kVocabularies: [string, string, RegExp][] = [
  ['operation', 'api/openapi.yaml', /operationId: (\w+)/g],
  ['event_word', 'src/model/fields.toml', /^\[\[type\]\]\nname = "([^"]+)"/gm],
  ['field', 'src/model/fields.toml', /^name = "(feed\.[^"]+)"\nkind/gm],
];

/** Text that a person would read and that is not behind a key. */
const kSpoken = ['title', 'aria-label', 'placeholder', 'alt', 'label'];
/** Names of keys and of the product are the same in every language. */
const kSame = new Set(['Quaywatch', 'Ctrl K', 'Enter', 'Esc', 'Ctrl', 'j', 'k', 'm', 'n', 'p', 'v', '0', 'UTC']);

function bareTexts(path: string): string[] {
  const file = ts.createSourceFile(path, textOf(path), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const note = (text: string) => {
    const words = text.trim();
    if (/\p{L}/u.test(words) && !kSame.has(words)) found.push(`${path}: ${words}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) note(node.text);
    if (
      ts.isJsxExpression(node) &&
      node.expression &&
      ts.isStringLiteralLike(node.expression) &&
      !ts.isJsxAttribute(node.parent)
    )
      note(node.expression.text);
    if (ts.isJsxAttribute(node) && kSpoken.includes(node.name.getText()) && node.initializer) {
      const given = ts.isStringLiteral(node.initializer)
        ? node.initializer
        : ts.isJsxExpression(node.initializer)
          ? node.initializer.expression
          : undefined;
      // Names of keys of the words (`title="watch.empty"`) are typed as such by the component that takes them.
      if (given && ts.isStringLiteralLike(given) && !(given.text in en)) note(given.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

describe('words', () => {
  it('has the same keys in every language', () => {
    expect(Object.keys(es).sort()).toEqual(Object.keys(en).sort());
  });

  it('fills the same places in every language', () => {
    for (const key of Object.keys(en) as (keyof typeof en)[])
      expect(placeholders(es[key]), key).toEqual(placeholders(en[key]));
  });

  it('leaves no text empty', () => {
    expect([...Object.values(en), ...Object.values(es)].filter((text) => text.trim() === '')).toEqual([]);
  });

  it('has no bare text in a component', () => {
    expect(sources.filter((path) => path.endsWith('.tsx')).flatMap(bareTexts)).toEqual([]);
  });

  it('writes numbers and dates in the language of the page', () => {
    const unspoken = /toLocale\w*String\(\)/;
    expect(sources.filter((path) => unspoken.test(textOf(path)))).toEqual([]);
  });

  it('says the state of one case in the singular, that of many in the plural', () => {
    const t = translator('es');
    expect([t('case_is.closed'), t('case_state.closed')]).toEqual(['Cerrado', 'Cerrados']);
  });

  it('has no key that nobody uses', () => {
    const all = sources.map(textOf).join('\n');
    const prefixes = [...all.matchAll(/`([a-z_.]+)\.\$\{/g)].map(([, prefix]) => `${prefix}.`);
    const called = [...all.matchAll(/(?:wordOf|knownWord)\(t, '([a-z_.]+)'/g)].map(([, prefix]) => `${prefix}.`);
    const used = (key: string) =>
      all.includes(`'${key}'`) ||
      all.includes(`"${key}"`) ||
      [...prefixes, ...called].some((prefix) => key.startsWith(prefix));
    expect(Object.keys(en).filter((key) => !used(key) && !used(key.replace(/\.(one|other)$/, '')))).toEqual([]);
  });
});

describe('words of the server', () => {
  it.each(kVocabularies)('%s: each of %s is put into words', (prefix, path, of) => {
    const words = said(path, of);
    expect(words.length).toBeGreaterThan(3);
    expect(words.filter((word) => !(`${prefix}.${word}` in en))).toEqual([]);
  });

  it('has words for every code of a problem, and what to do', () => {
    const [listed = ''] = said('api/openapi.yaml', /code: \{type: string, description: 'A stable word: ([\w, ]+)\./g);
    const codes = listed.split(', ');
    expect(codes.length).toBeGreaterThan(15);
    const keys = codes.flatMap((code) => [`problem.${code}`, `problem.${code}.next`]);
    expect(keys.filter((key) => !(key in en))).toEqual([]);
  });

  it('says why nothing is for a modus operandi, in English as the program does', () => {
    const modi = readFileSync(join(project, 'data/modi_operandi.toml'), 'utf8').split('[[mo]]').slice(1);
    const reasons = modi.flatMap((mo) => {
      const why = /^why = "(.*)"$/m.exec(mo)?.[1];
      return why ? [[`mo_why.MO-${/^number = (\d+)$/m.exec(mo)?.[1]}`, why]] : [];
    });
    expect(reasons.length).toBeGreaterThan(3);
    expect(Object.entries(en).filter(([key]) => key.startsWith('mo_why.'))).toEqual(reasons);
  });

  it('has words for why the vectors of the adapters are rejected', () => {
    const vectors = readdirSync(join(project, 'adapters'), { recursive: true, encoding: 'utf8' });
    const reasons = vectors
      .filter((path) => path.endsWith('.rejects'))
      .flatMap((path) => said(join('adapters', path), /^\d+ \d+ rejected (\w+)/gm));
    expect(reasons.length).toBeGreaterThan(3);
    expect(reasons.filter((word) => !(`reject_reason.${word}` in en))).toEqual([]);
  });
});

describe('translator', () => {
  it('chooses singular and plural and groups digits', () => {
    const t = translator('en');
    expect(t('count.events', { count: 1 })).toBe('1 event');
    expect(t('count.events', { count: 12345 })).toBe('12,345 events');
    expect(translator('es')('count.events', { count: 2 })).toBe('2 sucesos');
  });

  it('takes the first language it has', () => {
    expect(languageFor('auto', ['nl-BE', 'es-MX', 'en'])).toBe('es');
    expect(languageFor('auto', ['nl'])).toBe('en');
    expect(languageFor('es', ['en'])).toBe('es');
  });

  it('shows an unknown word of the server as it is', () => {
    expect(wordOf(translator('en'), 'kind', 'credential')).toBe('card');
    expect(wordOf(translator('en'), 'kind', 'scan.officer')).toBe('scan officer');
    expect(translator('en')('no.such.key' as Key)).toBe('no.such.key');
  });
});
