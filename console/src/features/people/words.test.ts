import { expect, it } from 'vitest';
import { toggled, unknownOwners, wordsOf } from './words';

it('reads a list as it is typed', () => {
  expect(wordsOf(' customs, terminal ,, ')).toEqual(['customs', 'terminal']);
});

it('finds the owner that was mistyped', () => {
  expect(unknownOwners(['customs', 'teminal'], ['customs', 'terminal'])).toEqual(['teminal']);
  expect(unknownOwners(['*'], [])).toEqual([]);
});

it('puts a word in and takes it out', () => {
  expect(toggled(['customs'], 'terminal')).toEqual(['customs', 'terminal']);
  expect(toggled(['customs', 'terminal'], 'customs')).toEqual(['terminal']);
});
