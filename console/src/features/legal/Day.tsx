import { useLanguage } from '../../lib/i18n/useText';
import { localTime } from '../../lib/time';

/** A day of the calendar, the same in every zone. */
export function Day({ on }: { on: string }) {
  const language = useLanguage();
  return (
    <time dateTime={on} className="nowrap">
      {localTime(`${on}T00:00:00Z`, 'UTC', language, 'day')}
    </time>
  );
}
