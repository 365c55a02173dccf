import type { Alert } from './api/alerts';
import type { Schemas } from './api/client';

/** Fields whose value names a subject, with its kind, as src/model/fields.toml has them. */
export const kSubjectFields: Record<string, Schemas['SubjectKind']> = {
  'container.number': 'container',
  'vessel.imo': 'vessel',
  'equipment.id': 'equipment',
  'release.ref': 'release',
  'release.holder_named': 'party',
  'release.to': 'party',
  'party.code': 'party',
  'vehicle.plate': 'vehicle',
  'account.id': 'account',
  'credential.id': 'credential',
  'credential.holder': 'holder',
  'device.zone': 'zone',
  'goods.vin': 'vin',
};

export type Named = { kind: Schemas['SubjectKind']; value: string };

/** The subjects that a record names, each once, without those that are known already, by whatever field. */
export function namedBeside(
  fields: readonly Schemas['NamedValue'][],
  known: readonly { value: string }[],
): Named[] {
  const found: Named[] = [];
  for (const { name, value, unknown } of fields) {
    const kind = kSubjectFields[name];
    if (!kind || unknown || [...known, ...found].some((each) => each.value === value)) continue;
    found.push({ kind, value });
  }
  return found;
}

/** Boxes that only the records behind an alert name: the second one of two that share something. */
export const otherContainers = ({ evidence, summary }: Pick<Alert, 'evidence' | 'summary'>): Named[] =>
  namedBeside(
    evidence.flatMap(({ fields }) => fields ?? []),
    summary.subjects,
  ).filter(({ kind }) => kind === 'container');
