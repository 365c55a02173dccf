import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import en from '../src/lib/i18n/en.json';
import { kSubjectFields } from '../src/lib/named';

/** What each table of a catalogue of the program says under these keys; tables that lack one are left out. */
function rowsOf(path: string, table: string, [first, second]: [string, string]): [string, string][] {
  const text = readFileSync(join(__dirname, '../..', path), 'utf8');
  const valueIn = (entry: string, key: string) => new RegExp(`^${key} = "?(.+?)"?$`, 'm').exec(entry)?.[1];
  return text.split(`[[${table}]]`).flatMap((entry) => {
    const [a, b] = [valueIn(entry, first), valueIn(entry, second)];
    return a && b ? [[a, b] as [string, string]] : [];
  });
}

it('knows which fields name subjects', () => {
  expect(kSubjectFields).toEqual(Object.fromEntries(rowsOf('src/model/fields.toml', 'field', ['name', 'subject'])));
});

it('has words for everything that an alert of the shipped rules names', () => {
  const detectors = join(__dirname, '../../detectors');
  const rules = readdirSync(detectors).flatMap((name) => {
    const path = join(detectors, name, 'rule.yml');
    return existsSync(path) ? [readFileSync(path, 'utf8')] : [];
  });
  const fields = rules.flatMap((rule) => [...rule.matchAll(/^ +(?:about|acted|mentioned): \[(.+)\]$/gm)]).flatMap(
    ([, list = '']) => list.split(/, */),
  );
  expect(fields.length).toBeGreaterThan(50);
  const kinds = new Set(fields.map((field) => kSubjectFields[field] ?? field));
  expect([...kinds].filter((kind) => !(`kind.${kind}` in en))).toEqual([]);
});

it('has the name of every modus operandi', () => {
  const words = Object.entries(en).filter(([key]) => key.startsWith('mo.'));
  const names = rowsOf('data/modi_operandi.toml', 'mo', ['number', 'name']);
  expect(words).toEqual(names.map(([number, name]) => [`mo.MO-${number}`, name]));
});

it('has words for every invariant of README', () => {
  const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');
  const named = [...readme.matchAll(/^\| (I\d+) \|/gm)].map(([, invariant]) => `invariant.${invariant}`);
  expect(Object.keys(en).filter((key) => key.startsWith('invariant.'))).toEqual([...new Set(named)]);
});
