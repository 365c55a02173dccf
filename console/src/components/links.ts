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

export function timelineLink(kind: string, key: string, alertId?: string): string {
  return `/timeline/${kind}/${encodeURIComponent(key)}${alertId ? `?alert=${alertId}` : ''}`;
}

export const caseLink = (caseId: string) => `/cases/${caseId}`;
