import type { Schemas } from '../../lib/api/client';
import { useText } from '../../lib/i18n/useText';
import { Day } from './Day';

/** Where a request stands, and until when it must be answered. */
export function RequestTags({ of }: { of: Schemas['SubjectRequest'] }) {
  const t = useText();
  return (
    <>
      <span className={of.state === 'closed' ? 'tag' : 'tag open'}>{t(`request.state.${of.state}`)}</span>
      {of.answered?.decision && <span className="tag">{t(`request.decision.${of.answered.decision}`)}</span>}
      {of.state === 'open' && (
        <span className={of.overdue ? 'tag request-overdue' : 'tag'}>
          {t(of.overdue ? 'request.overdue' : 'request.due')} <Day on={of.due_on} />
        </span>
      )}
    </>
  );
}
