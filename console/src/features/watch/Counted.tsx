import { outcomeText } from '../../components/outcome';
import type { AlertFilter } from '../../lib/api/alerts';
import { useLanguage, useText } from '../../lib/i18n/useText';
import { localTime } from '../../lib/time';

/** Which key figure the list makes up, as the address has it; pressing takes it off. */
export function Counted({ filter, onClear }: { filter: AlertFilter; onClear: () => void }) {
  const t = useText();
  const language = useLanguage();
  const day = (at: string) => localTime(at, 'UTC', language, 'day');
  const parts = [
    filter.outcome && outcomeText(t, filter.outcome),
    filter.facility,
    filter.raised_from && t('filter.raised_from', { from: day(filter.raised_from) }),
    filter.raised_until && t('filter.raised_until', { until: day(filter.raised_until) }),
  ];
  return (
    <button className="chip" aria-pressed="true" title={t('filter.counted.clear')} onClick={onClear}>
      {t('filter.counted')} {parts.filter(Boolean).join(' · ')} <span aria-hidden="true">✕</span>
    </button>
  );
}
