import { describe, expect, it } from 'vitest';
import { lineDiff, withContext } from './diff';

const told = (before: string, now: string) =>
  lineDiff(before, now).map(({ kind, text }) => `${{ same: ' ', gone: '-', new: '+' }[kind]}${text}`);

describe('lineDiff', () => {
  it('tells a changed line by what is gone and what is new', () => {
    expect(told('title: x\nlevel: low\nid: 1\n', 'title: x\nlevel: high\nid: 1\n')).toEqual([
      ' title: x',
      '-level: low',
      '+level: high',
      ' id: 1',
    ]);
  });

  it('knows a document that is new and one that is gone', () => {
    expect(told('', 'a\nb\n')).toEqual(['+a', '+b']);
    expect(told('a\n', '')).toEqual(['-a']);
    expect(told('a\nb', 'a\nb\n')).toEqual([' a', ' b']);
  });

  it('gives both texts back', () => {
    const [before, now] = ['a\nb\nc\nd\ne', 'b\nx\nd\ne\nf\na'];
    const lines = lineDiff(before, now);
    const without = (kind: string) => lines.flatMap((line) => (line.kind === kind ? [] : [line.text])).join('\n');
    expect(without('new')).toBe(before);
    expect(without('gone')).toBe(now);
  });

  it('does not compare what is too long to be compared', () => {
    const long = Array.from({ length: 3000 }, (_, at) => `line ${at}`).join('\n');
    expect(lineDiff(long, long)).toHaveLength(6000);
  });
});

describe('withContext', () => {
  it('leaves out what is far from a change, once', () => {
    const lines = lineDiff('1\n2\n3\n4\n5\n6\n7\n8', '1\n2\n3\n4\nx\n6\n7\n8');
    expect(withContext(lines, 1).map((line) => line?.text ?? null)).toEqual([null, '4', '5', 'x', '6', null]);
  });
});
