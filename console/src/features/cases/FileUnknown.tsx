import type { Alert } from '../../lib/api/alerts';
import { wordOf, type Translate } from '../../lib/i18n/text';
import { useMessage, useRuleText, type Say } from '../../lib/i18n/useShipped';
import { useText } from '../../lib/i18n/useText';
import { EachAlert, Part } from './FileParts';

type Open = { what: string; why: string };
/** Of rules, and of the server. */
type Words = { say: Say; tell: Say };

const provisional = ({ summary }: Alert, t: Translate): Open[] =>
  summary.status === 'provisional' ? [{ what: t('file.provisional'), why: t('file.provisional.why') }] : [];

const inputs = (alert: Alert, t: Translate, _: string, { tell }: Words): Open[] =>
  alert.missing_inputs.map(({ fact, cause, sentence }) => ({
    what: fact,
    why: `${wordOf(t, 'cause', cause)}: ${tell(sentence)}`,
  }));

const searches = (alert: Alert, t: Translate, label: string): Open[] =>
  alert.evidence.flatMap((entry, index) =>
    entry.unanswered
      ? [
          {
            what: `${label}.${index + 1} ${entry.searched ?? entry.required}`,
            why: t(`evidence.unanswered.${entry.unanswered}`),
          },
        ]
      : [],
  );

const fields = (alert: Alert, t: Translate, label: string): Open[] =>
  alert.evidence.flatMap((entry, index) =>
    (entry.fields ?? [])
      .filter(({ unknown }) => unknown)
      .map(({ name, unknown }) => ({ what: `${label}.${index + 1} ${name}`, why: wordOf(t, 'cause', unknown ?? '') })),
  );

const rules = (alert: Alert, t: Translate, _: string, { say }: Words): Open[] =>
  alert.not_evaluated.map(({ title, cause, events }) => ({
    what: t('file.rule_open', { title: say(title) }),
    why: [wordOf(t, 'cause', cause), ...(events === null ? [] : [t('count.events', { count: events })])].join(', '),
  }));

const omitted = (alert: Alert, t: Translate): Open[] =>
  alert.evidence_omitted > 0
    ? [{ what: t('alert.evidence'), why: t('evidence.omitted', { count: alert.evidence_omitted }) }]
    : [];

const unknownOf = (alert: Alert, t: Translate, label: string, words: Words) =>
  [provisional, inputs, searches, fields, omitted, rules].flatMap((each) => each(alert, t, label, words));

/** The questions without an answer: unknown is never clean. */
export function Unknown({ alerts }: { alerts: Alert[] }) {
  const t = useText();
  const words = { say: useRuleText(), tell: useMessage() };
  return (
    <Part name="file.unknown" lead="file.unknown.lead">
      <EachAlert alerts={alerts}>
        {(alert, label) => {
          const open = unknownOf(alert, t, label, words);
          if (open.length === 0) return <p>{t('file.unknown.none')}</p>;
          return (
            <ul className="file-list">
              {open.map(({ what, why }, index) => (
                <li key={index}>
                  <b>{what}</b> {why}
                </li>
              ))}
            </ul>
          );
        }}
      </EachAlert>
    </Part>
  );
}
