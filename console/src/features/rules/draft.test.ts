import { describe, expect, it } from 'vitest';
import { begin, fileOfRule, isChanged, isRuleName, newUuid, put, revert, rootOf, rowsOf } from './draft';

const set = {
  version: 3,
  files: [
    { path: 'a_b/rule.yml', text: 'id: 1\n' },
    { path: 'c_d/rule.yml', text: 'id: 2\n' },
  ],
};
const states = (draft: ReturnType<typeof begin>) => rowsOf(draft).map(({ path, state }) => `${path} ${state}`);

describe('a draft of a set of rules', () => {
  it('says of each document what became of it, and is changed only where one differs', () => {
    const draft = begin(set);
    expect(isChanged(draft)).toBe(false);
    const written = put(put(put(draft, 'a_b/rule.yml', 'id: 9\n'), 'c_d/rule.yml', undefined), 'b_c/rule.yml', '');
    expect(states(written)).toEqual(['a_b/rule.yml changed', 'b_c/rule.yml new', 'c_d/rule.yml gone']);
    expect(written.now.map(({ path }) => path)).toEqual(['a_b/rule.yml', 'b_c/rule.yml']);
    expect(isChanged(put(draft, 'a_b/rule.yml', 'id: 1\n'))).toBe(false);
  });

  it('gives back each as it was', () => {
    const draft = begin(set);
    for (const text of ['x', undefined]) expect(revert(put(draft, 'c_d/rule.yml', text), 'c_d/rule.yml')).toEqual(draft);
    expect(revert(put(draft, 'e_f/rule.yml', 'x'), 'e_f/rule.yml')).toEqual(draft);
  });

  it('knows the folder of all of them, if there is one', () => {
    expect(rootOf(['detectors/a_b/rule.yml', 'detectors/c_d/rule.yml'])).toBe('detectors/');
    expect(rootOf(['detectors/a_b/rule.yml', 'own/c_d/rule.yml'])).toBe('');
    expect(['a_b/rule.yml', 'rule.yml'].map((path) => rootOf([path]))).toEqual(['', '']);
    expect(rootOf([])).toBe('');
  });

  it('finds the document of a rule, and names new ones as the program takes them', () => {
    expect(fileOfRule(set.files, '2')).toBe('c_d/rule.yml');
    expect(fileOfRule(set.files, '7')).toBeUndefined();
    expect(['two_words', 'a1_b2'].every(isRuleName)).toBe(true);
    expect(['one', 'Two_words', '../x_y', 'a_b/c', 'a__b', ''].some(isRuleName)).toBe(false);
    expect(newUuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
