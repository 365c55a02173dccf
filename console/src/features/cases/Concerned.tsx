import { useMemo } from 'react';
import { GroundContext, Unmask } from '../../components/Unmask';
import type { Schemas } from '../../lib/api/client';
import { useText } from '../../lib/i18n/useText';
import { isPseudonym, type Ground } from '../../lib/unmask';

/** Whom the alerts of the case name, each to be asked for on the ground of the case. */
export function Concerned({ one }: { one: Schemas['Case'] }) {
  const t = useText();
  const grounds = useMemo(() => {
    const out = new Map<string, Ground[]>();
    for (const { alert_id, title, subjects } of one.alerts)
      for (const pseudonym of new Set(subjects.map(({ value }) => value).filter(isPseudonym)))
        out.set(pseudonym, [...(out.get(pseudonym) ?? []), { alert_id, title, case_id: one.summary.case_id }]);
    return [...out];
  }, [one]);
  if (grounds.length === 0) return null;
  return (
    <p className="pad row wrap">
      <span className="quiet">{t('unmask.concerned')}</span>
      {grounds.map(([pseudonym, own]) => (
        <GroundContext.Provider key={pseudonym} value={own}>
          <span className="nowrap">
            <span className="fixed">{pseudonym}</span> <Unmask pseudonym={pseudonym} />
          </span>
        </GroundContext.Provider>
      ))}
    </p>
  );
}
