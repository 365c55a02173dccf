import { beforeEach, expect, it } from 'vitest';
import { closeDraft, comeBack, draftOf, forgetDrafts, keepDraft, leave } from './drafts';

const officer = { id: 'u-1', login: 'officer' };
const colleague = { id: 'u-2', login: 'colleague' };

beforeEach(() => {
  forgetDrafts();
  keepDraft('note a1', 'Called the holder.');
});

it('keeps a text over the end of a session, for the same user', () => {
  leave(officer);
  closeDraft('note a1');
  expect(comeBack(officer)).toBe(true);
  expect(draftOf('note a1')).toBe('Called the holder.');
  closeDraft('note a1');
  expect(draftOf('note a1')).toBeUndefined();
});

it('keeps none for another, nor after signing out', () => {
  leave(officer);
  closeDraft('note a1');
  expect(comeBack(colleague)).toBe(false);
  expect(draftOf('note a1')).toBeUndefined();
  keepDraft('note a1', 'Called the holder.');
  forgetDrafts();
  expect(draftOf('note a1')).toBeUndefined();
  expect(comeBack(colleague)).toBe(true);
});
