import { useLanguage } from '../lib/i18n/useText';
import { useNow } from '../lib/now';
import { usePreferences } from '../lib/preferences';
import { age, ageInDays, localTime, localZone, utcTime, type Shape } from '../lib/time';

export function useZone(): string {
  const { zone } = usePreferences();
  return zone === 'auto' ? localZone() : zone;
}

/** A time in the zone of the port; UTC, as the server wrote it, on hover. */
export function Time({ at, shape = 'minute' }: { at: string; shape?: Shape }) {
  const zone = useZone();
  const language = useLanguage();
  return (
    <time dateTime={at} title={utcTime(at)} className="nowrap">
      {localTime(at, zone, language, shape)}
    </time>
  );
}

export function Age({ at }: { at: string }) {
  const language = useLanguage();
  const now = useNow();
  return (
    <time dateTime={at} title={utcTime(at)} className="nowrap quiet">
      {age(at, now, language)}
    </time>
  );
}

/** To be put into a sentence. */
export function useAgeInDays(): (at: string) => string {
  const language = useLanguage();
  const now = useNow();
  return (at) => ageInDays(at, now, language);
}
