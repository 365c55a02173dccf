import type { Alert } from '../../lib/api/alerts';
import type { Schemas } from '../../lib/api/client';
import type { Session } from '../../lib/api/session';
import { containerLabel } from '../../lib/containers';
import type { Key, Translate } from '../../lib/i18n/text';

type Person = Schemas['Person'];

/** One link of the chain: what was done, when, by whom, and to what. */
export type Link = {
  at: string;
  /** Null is the program. */
  by: Person | null;
  what: Key;
  /** A2, F1 with its name, or the container of a hold; empty is the case. */
  of: string;
  /** To whom something went: somebody, or an organisation. */
  to?: Person;
  desk?: string;
  words: Key[];
  text: string;
  /** There is a text, and a wall before it. */
  withheld?: boolean;
  undone?: boolean;
};

/** Alerts are numbered as the file lists them. */
export const labelOf = (index: number) => `A${index + 1}`;

/** Likewise the files that were put to the case. */
export const fileLabelOf = (index: number) => `F${index + 1}`;

const ofFile = ({ attachments }: Schemas['Case'], id: string) => {
  const index = attachments.findIndex(({ attachment_id }) => attachment_id === id);
  return index < 0 ? id : [fileLabelOf(index), attachments[index]?.name].filter(Boolean).join(' ');
};

const ofSteps = (one: Schemas['Case'], label: (id: string) => string): Link[] =>
  one.steps.map((step) => ({
    at: step.at,
    by: step.by,
    what: `step.${step.action}`,
    of: step.attachment_id ? ofFile(one, step.attachment_id) : (step.alert_ids ?? []).map(label).join(', '),
    words: step.outcome ? [`outcome.${step.outcome}`] : [],
    ...(step.to && { desk: step.to.name }),
    text: step.text ?? '',
    withheld: step.withheld ?? false,
  }));

const ofDecisions = (alert: Alert, of: string): Link[] =>
  alert.decisions.map((made) => ({
    at: made.at,
    by: made.by,
    what: `decided.${made.action}`,
    of,
    ...(made.assignee && { to: made.assignee }),
    words: made.reason_code ? [`reason.${made.reason_code}`] : [],
    text: made.reason ?? '',
    undone: made.undone,
  }));

const ofHolds = (alert: Alert, of: string): Link[] =>
  alert.holds.flatMap((hold) =>
    hold.steps.map((step) => ({
      at: step.at,
      by: step.by,
      what: `hold.step.${step.step}` as const,
      of: `${of} ${containerLabel(hold.container)}`,
      words: [],
      text: step.reason ?? '',
    })),
  );

const ofTelling = ({ telling: { acknowledged } }: Alert, of: string): Link[] =>
  acknowledged
    ? [{ at: acknowledged.at, by: acknowledged.by, what: 'told.acknowledged', of, words: [], text: '' }]
    : [];

/** What people and the program did with one alert, oldest first. */
export const doneWith = (alert: Alert, of: string): Link[] =>
  inOrder([ofDecisions, ofHolds, ofTelling].flatMap((links) => links(alert, of)));

/** All that was done with a case and its alerts, oldest first. */
export function custody(one: Schemas['Case'], alerts: readonly Alert[]): Link[] {
  const label = (id: string) => {
    const index = alerts.findIndex(({ summary }) => summary.alert_id === id);
    return index < 0 ? id : labelOf(index);
  };
  return inOrder([...ofSteps(one, label), ...alerts.flatMap((alert, index) => doneWith(alert, labelOf(index)))]);
}

/** Who had the case from when to when; closing stops the clock of the one that has it. */
export function holdingsOf({ holdings, steps, summary }: Schemas['Case']) {
  const closed = steps.filter(({ action }) => action === 'close').at(-1)?.at;
  const end = summary.state === 'open' ? null : (closed ?? summary.changed_at);
  return holdings.map((holding) => ({ ...holding, until: holding.until ?? end }));
}

/** Names of the organisations that gave the case away and do not have it now. */
export const giversOf = ({ hops, summary }: Schemas['Case']): string[] => [
  ...new Set(
    hops.filter(({ state, from }) => state === 'accepted' && from.id !== summary.holder.id).map(({ from }) => from.name),
  ),
];

/** Whether somebody who was cleared was told so; of another outcome, or a step that closes nothing, empty. */
export function toldOf(t: Translate, { outcome, told, told_how }: Schemas['CaseStep']): string {
  if (outcome !== 'cleared') return '';
  if (told === undefined) return t('told_so.not_stated');
  return [t(told ? 'told_so.yes' : 'told_so.no'), told_how].filter(Boolean).join(': ');
}

const inOrder = (links: Link[]) => links.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));

/** Of other organisations the server gives no log-in, and the name of the organisation for that of the person. */
export const organisationOf = (person: Person, { organisation }: Session) =>
  person.login ? organisation.name : person.name;
