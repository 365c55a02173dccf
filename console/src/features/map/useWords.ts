import type { MapCounts, MapFeature, MapVessel } from '../../lib/api/map';
import { useText } from '../../lib/i18n/useText';
import type { Shown } from './layers';

export const vesselName = ({ name, imo, mmsi }: MapVessel) => name || imo || mmsi;

/** What a feature holds, in words: for who points at it and for who hears the page. */
export function useWords(shown: Shown) {
  const t = useText();
  return {
    name: (feature: MapFeature) => feature.name || t(`map.kind.${feature.kind}`),
    counts: (counts: MapCounts) =>
      [
        shown.has('alerts') && counts.alerts > 0 && t('map.count.alerts', { count: counts.alerts }),
        shown.has('boxes') && counts.boxes > 0 && t('map.count.boxes', { count: counts.boxes }),
        shown.has('cards') && counts.cards > 0 && t('map.count.cards', { count: counts.cards }),
        shown.has('vessels') && counts.vessels > 0 && t('map.count.vessels', { count: counts.vessels }),
        shown.has('devices') && counts.silent_devices > 0 && t('map.count.silent', { count: counts.silent_devices }),
      ]
        .filter(Boolean)
        .join(', '),
  };
}
