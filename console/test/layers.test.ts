import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { expect, it } from 'vitest';

const root = join(__dirname, '../src');
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (path) => /\.tsx?$/.test(path) && !path.endsWith('schema.ts'),
);

/** lib -> components -> features -> app, and no feature knows another. */
function layerOf(path: string): [number, string] {
  const [folder = '', feature = ''] = path.split('/');
  return [['lib', 'components', 'features', 'app'].indexOf(folder), folder === 'features' ? feature : ''];
}

it('imports go one way', () => {
  const wrong = sources.flatMap((path) => {
    const [layer, feature] = layerOf(path);
    if (layer < 0) return [];
    return [...readFileSync(join(root, path), 'utf8').matchAll(/(?:from|import)\s*\(?'(\.[^']+)'/g)]
      .map(([, target = '']) => normalize(join(path, '..', target)))
      .filter((target) => {
        const [below, other] = layerOf(target);
        return below > layer || (feature && other && other !== feature);
      })
      .map((target) => `${path} -> ${target}`);
  });
  expect(wrong).toEqual([]);
});

it('no source is longer than 400 lines', () => {
  expect(sources.filter((path) => readFileSync(join(root, path), 'utf8').split('\n').length > 400)).toEqual([]);
});
