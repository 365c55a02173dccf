import { describe, expect, it } from 'vitest';
import type { Session } from '../../lib/api/session';
import { translator } from '../../lib/i18n/text';
import { detailWords, subjectLink } from './audit';

describe('detailWords', () => {
  it.each([
    ['decideAlert', 'add_to_case', 'Put into a case'],
    ['decideAlert', 'undo', 'Taken back'],
    ['stepCase', 'add_task', 'Task'],
    ['stepCase', 'attach', 'File added'],
    ['stepCase', 'refuse', 'Refused'],
    ['getCase', 'file', 'Case file'],
    ['requestHold', 'request', 'Asked for'],
    ['answerHold', 'too_late', 'Too late'],
    ['decideRuleSet', 'propose', 'Proposed'],
    ['decideAgreement', 'confirm', 'Confirmed'],
    ['changeUser', 'password reset, second factor reset', 'password reset, second factor reset'],
    ['stepSubjectRequest', 'extend', 'Extended'],
    ['reviewBrokenGlass', 'find_justified', 'Found justified'],
    ['startBacktest', '2026-09-28T00:00:00Z to 2026-10-26T00:00:00Z', '2026-09-28 – 2026-10-25'],
    ['getMapFeature', 'at 2026-10-25T06:00:00Z', 'as of 2026-10-25T06:00:00Z'],
    ['listFeeds', 'refused', 'not allowed'],
    ['getAlert', 'Full container left and came back changed', undefined],
    ['searchSubjects', 'take', undefined],
    ['changeUser', 'something new', undefined],
  ])('%s: %s', (operation, detail, words) => expect(detailWords(translator('en'), operation, detail)).toBe(words));

  it('speaks Spanish', () => {
    expect(detailWords(translator('es'), 'stepCase', 'add_task')).toBe('Tarea');
    expect(detailWords(translator('es'), 'changeUser', 'password reset')).toBe('contraseña restablecida');
  });
});

describe('subjectLink', () => {
  const as = (roles: Session['roles']) => ({ roles }) as Session;
  it.each([
    ['alert:37ee34c1', '/watch?state=all&alert=37ee34c1'],
    ['case:c-81b6', '/cases/c-81b6'],
    ['container:ABCU1234560', '/timeline/container/ABCU1234560'],
    ['zone:a/b:c', '/timeline/zone/a%2Fb%3Ac'],
    ['feature:block:B2', '/map?feature=block%3AB2'],
    ['request:r-1', '/requests/r-1'],
    ['user:u-1', '/audit?user=u-1'],
    ['rules:3', '/rules'],
    ['organisation:o-1', undefined],
    ['a file.csv', undefined],
    ['', undefined],
  ])('%s', (subject, link) => expect(subjectLink(as(['officer', 'auditor']), subject)).toBe(link));

  it('leads an auditor alone to no page that is not for him', () => {
    expect(subjectLink(as(['auditor']), 'alert:37ee34c1')).toBeUndefined();
    expect(subjectLink(as(['auditor']), 'request:r-1')).toBe('/requests/r-1');
  });
});
