/** What can be shown and hidden, and what a feature holds of it. Pure. */
import type { MapCounts, MapState } from '../../lib/api/map';

export const kLayers = ['boxes', 'cards', 'vessels', 'devices', 'alerts'] as const;
export type LayerName = (typeof kLayers)[number];
export type Shown = ReadonlySet<LayerName>;

export function shownIn(hidden: string | null): Shown {
  const away = (hidden ?? '').split(',');
  return new Set(kLayers.filter((layer) => !away.includes(layer)));
}

export const hiddenText = (shown: Shown) => kLayers.filter((layer) => !shown.has(layer)).join(',');

export function toggled(shown: Shown, layer: LayerName): Shown {
  const next = new Set(shown);
  if (!next.delete(layer)) next.add(layer);
  return next;
}

const kLevels = ['critical', 'high', 'medium', 'low', 'informational', null];

/** What asks for eyes first: by level, then by how many alerts, then by how much is there. */
export function byUrgency(a: MapCounts, b: MapCounts): number {
  return (
    kLevels.indexOf(a.level) - kLevels.indexOf(b.level) ||
    b.alerts - a.alerts ||
    b.silent_devices - a.silent_devices ||
    b.boxes + b.cards - (a.boxes + a.cards)
  );
}

export const countsOf = (state: MapState | undefined) =>
  new Map((state?.features ?? []).map(({ feature_id, counts }) => [feature_id, counts]));

export const nothing: MapCounts = {
  boxes: 0,
  boxes_with_alerts: 0,
  cards: 0,
  vessels: 0,
  silent_devices: 0,
  alerts: 0,
  level: null,
};
