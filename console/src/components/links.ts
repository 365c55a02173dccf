import type { Schemas } from '../lib/api/client';

const kKinds: readonly string[] = [
  'container',
  'release',
  'party',
  'account',
  'credential',
  'holder',
  'vehicle',
  'equipment',
  'zone',
  'vin',
  'vessel',
];

/** Whether there is a timeline of such subjects; an alert also names fields that are none. */
export const isSubjectKind = (kind: string): kind is Schemas['SubjectKind'] => kKinds.includes(kind);

/** Fields that alerts name whose value is a subject all the same, as src/live/subject_index.cpp knows it. */
const kOfFields: Record<string, Schemas['SubjectKind']> = {
  'access.zone': 'zone',
  'account.other_duty_by': 'account',
  'account.target': 'account',
  'driver.card': 'credential',
  'equipment.operator': 'credential',
  'lookup.account': 'account',
  'move.neighbour': 'container',
  'pickup.announced_by': 'party',
  'release.newcomer': 'party',
  'seal.other_box': 'container',
  'selection.by': 'account',
};

/** Whose timeline the value that an alert names has, if any. */
export const timelineKind = (kind: string) => (isSubjectKind(kind) ? kind : kOfFields[kind]);

export function timelineLink(kind: string, key: string, alertId?: string): string {
  return `/timeline/${kind}/${encodeURIComponent(key)}${alertId ? `?alert=${alertId}` : ''}`;
}

export const caseLink = (caseId: string) => `/cases/${caseId}`;
