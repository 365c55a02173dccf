import { describe, expect, it } from 'vitest';
import day from '../../../test/fixture/day.json';
import type { Alert } from '../../lib/api/alerts';
import type { Schemas } from '../../lib/api/client';
import type { Session } from '../../lib/api/session';
import { custody, holdingsOf, organisationOf } from './custody';
import { cssText, marginRules } from './printMargins';

const officer = { id: 'u-0000000000000001', login: 'officer', name: 'Officer A' };
const police = { id: 'u-0000000000000009', login: '', name: 'Harbour police' };

const alert = (more: object) =>
  ({
    ...(day.alerts[0] as unknown as Alert),
    holds: [],
    telling: { told: [], asked: [], acknowledged: null, next_at: null, is_at_its_end: false },
    ...more,
  }) as Alert;

const caseOf = (steps: object[], attachments: object[] = []) => ({ steps, attachments }) as unknown as Schemas['Case'];

describe('custody', () => {
  it('puts steps, decisions and holds into the order of time, with what each was about', () => {
    const first = alert({
      decisions: [
        { decision_id: 'd-1', at: '2026-03-12T02:00:00Z', by: officer, action: 'take', undone: true },
        {
          decision_id: 'd-2',
          at: '2026-03-12T05:00:00Z',
          by: officer,
          action: 'dismiss',
          undone: false,
          reason_code: 'other',
          reason: 'Called.',
        },
      ],
      holds: [
        {
          container: 'QZBU2876950',
          steps: [
            { at: '2026-03-12T04:00:00Z', by: officer, step: 'request', reason: 'A stranger.' },
            { at: '2026-03-12T04:00:01Z', by: null, step: 'sent' },
          ],
        },
      ],
    });
    const links = custody(
      caseOf([
        { at: '2026-03-12T03:00:00Z', by: police, action: 'open', alert_ids: [first.summary.alert_id] },
        { at: '2026-03-12T06:00:00Z', by: police, action: 'close', text: 'Done.', outcome: 'cleared' },
      ]),
      [first],
    );
    expect(links.map(({ what, of }) => [what, of])).toEqual([
      ['decided.take', 'A1'],
      ['step.open', 'A1'],
      ['hold.step.request', 'A1 QZBU 287695-0'],
      ['hold.step.sent', 'A1 QZBU 287695-0'],
      ['decided.dismiss', 'A1'],
      ['step.close', ''],
    ]);
    expect(links[0]?.undone).toBe(true);
    expect(links[3]?.by).toBe(null);
    expect(links[4]).toMatchObject({ words: ['reason.other'], text: 'Called.' });
    expect(links[5]?.words).toEqual(['outcome.cleared']);
  });

  it('says of which file a step is, by the label and the name that the file lists', () => {
    const links = custody(
      caseOf(
        [
          { at: '2026-03-12T03:00:00Z', by: officer, action: 'attach', attachment_id: 'f-2', text: 'The seal, torn.' },
          { at: '2026-03-12T04:00:00Z', by: police, action: 'attach', attachment_id: 'f-1', withheld: true },
          { at: '2026-03-12T05:00:00Z', by: officer, action: 'remove_attachment', attachment_id: 'f-9', text: 'Wrong.' },
        ],
        [{ attachment_id: 'f-1', withheld: true }, { attachment_id: 'f-2', name: 'seal.jpg' }],
      ),
      [],
    );
    expect(links.map(({ what, of, text }) => [what, of, text])).toEqual([
      ['step.attach', 'F2 seal.jpg', 'The seal, torn.'],
      ['step.attach', 'F1', ''],
      ['step.remove_attachment', 'f-9', 'Wrong.'],
    ]);
  });

  it('names the organisation of a person, also of another one', () => {
    const session = { organisation: { name: 'Terminal QXT' } } as Session;
    expect(organisationOf(officer, session)).toBe('Terminal QXT');
    expect(organisationOf(police, session)).toBe('Harbour police');
  });
});

describe('holdings', () => {
  const guard = { from: '2026-03-12T03:00:00Z', until: '2026-03-12T04:00:00Z' };
  const customs = { from: '2026-03-12T04:00:00Z', until: null };
  const held = (state: string, steps: object[]) =>
    holdingsOf({
      holdings: [guard, customs],
      steps,
      summary: { state, changed_at: '2026-03-12T09:00:00Z' },
    } as unknown as Schemas['Case']).map(({ until }) => until);
  const close = (at: string) => ({ action: 'close', at });

  it('go on while the case is open, and end when it was closed last', () => {
    expect(held('open', [close('2026-03-12T05:00:00Z')])).toEqual([guard.until, null]);
    const closings = [close('2026-03-12T05:00:00Z'), close('2026-03-12T06:00:00Z')];
    expect(held('closed', closings)).toEqual([guard.until, '2026-03-12T06:00:00Z']);
    expect(held('merged', [])).toEqual([guard.until, '2026-03-12T09:00:00Z']);
  });
});

describe('margins of print', () => {
  it('are one string each, whatever the name of a case or a person holds', () => {
    expect(cssText('a "b" \\ c\n}')).toBe('"a \\"b\\" \\\\ c }"');
    const rules = marginRules({ head: 'c-1"; } body { display: none', mark: '', foot: 'Ana' });
    expect(rules).toContain('@top-left { content: "c-1\\"; } body { display: none";');
    expect(rules).toContain('counter(page) " / " counter(pages)');
  });
});
