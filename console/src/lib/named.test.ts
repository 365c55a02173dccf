import { describe, expect, it } from 'vitest';
import type { Alert } from './api/alerts';
import { namedBeside, otherContainers } from './named';

const own = { role: 'about', kind: 'container', value: 'XQEU9436418', label: 'XQEU 943641-8' } as const;
const field = (name: string, value: string) => ({ name, value });
const asked = { kind: 'lookup.account', value: 'account-180379c543d664f' };

describe('subjects that a record names', () => {
  it.each([
    ['the other box', [field('container.number', 'QXAU7708901')], ['container QXAU7708901']],
    ['not the box of the alert', [field('container.number', own.value)], []],
    ['each once', [field('party.code', 'FW-A'), field('release.to', 'FW-A')], ['party FW-A']],
    ['not the account of a fact', [field('account.id', asked.value)], []],
    ['not what is no subject', [field('booking.ref', 'BKG0003729')], []],
    ['not what is unknown', [{ ...field('party.code', 'unknown'), unknown: 'not said' }], []],
  ])('are %s', (_, fields, expected) => {
    expect(namedBeside(fields, [own, asked]).map(({ kind, value }) => `${kind} ${value}`)).toEqual(expected);
  });

  it('are boxes only in the head of an alert', () => {
    const fields = [field('container.number', 'QXAU7708901'), field('party.code', 'FW-A')];
    const alert = { summary: { subjects: [own] }, evidence: [{ facts: [], fields }, { facts: [] }] };
    expect(otherContainers(alert as unknown as Alert)).toEqual([{ kind: 'container', value: 'QXAU7708901' }]);
  });
});
