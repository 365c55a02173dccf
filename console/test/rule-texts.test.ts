import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import es from '../../data/texts/rules/es.json';

type Document = {
  title: string;
  description?: string;
  falsepositives?: string[];
  quaywatch?: { actions?: string[]; legal?: { purpose?: string; not_for?: string } };
};

const detectors = join(__dirname, '../../detectors');
const kShipped = readdirSync(detectors, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const documentsIn = (name: string) => loadAll(readFileSync(join(detectors, name, 'rule.yml'), 'utf8')) as Document[];

/** What the console may show of a rule. */
const textsOf = ({ title, description, falsepositives = [], quaywatch = {} }: Document): string[] => {
  const { actions = [], legal = {} } = quaywatch;
  return [title, description, ...falsepositives, ...actions, legal.purpose, legal.not_for].filter(
    (text) => text !== undefined,
  );
};
const textsIn = (name: string) => documentsIn(name).flatMap(textsOf);

describe('texts of the shipped rules in Spanish', () => {
  it.each(kShipped)('%s: has every one', (name) => {
    const texts = textsIn(name);
    expect(texts.length).toBeGreaterThan(5);
    expect(texts.filter((text) => !Object.hasOwn(es, text))).toEqual([]);
  });

  it('has none that no rule says', () => {
    const said = new Set(kShipped.flatMap(textsIn));
    expect(Object.keys(es).filter((text) => !said.has(text))).toEqual([]);
  });

  it('leaves none empty, and none English', () => {
    expect(Object.entries(es).filter(([english, spanish]) => spanish.trim() === '' || spanish === english)).toEqual([]);
  });

  it('begins each as its English does, and ends it so', () => {
    const shape = (text: string) => [/^\p{Lu}/u.test(text), text.endsWith('.')];
    expect(Object.entries(es).filter(([english, spanish]) => `${shape(english)}` !== `${shape(spanish)}`)).toEqual([]);
  });

  it('repeats no key', () => {
    const written = readFileSync(join(__dirname, '../../data/texts/rules/es.json'), 'utf8');
    expect(written.match(/^ {2}"/gm)).toHaveLength(Object.keys(es).length);
  });

  it('has the innocent causes in sentences, as the documents for the law join them', () => {
    const causes = kShipped.flatMap(documentsIn).flatMap(({ falsepositives = [] }) => falsepositives);
    expect(causes.filter((cause) => !cause.endsWith('.') || cause.includes('. '))).toEqual([]);
  });
});
