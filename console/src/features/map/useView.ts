import { useMemo, useState, type RefObject } from 'react';
import type { MapFeature } from '../../lib/api/map';
import { boxOf, drawnOf, fit, panned, projectionOf, toPlan, viewIn, zoomed, type Point, type View } from './plan';
import { useHand, useSize } from './useHand';

/** The plan and what of it is shown. Nothing chosen is all of it, however large the window becomes. */
export function useView(features: readonly MapFeature[], box: RefObject<HTMLDivElement | null>, text: string | null) {
  const size = useSize(box);
  const project = useMemo(() => projectionOf(features), [features]);
  const drawn = useMemo(() => drawnOf(features, project), [features, project]);
  const whole = useMemo(() => boxOf(drawn.flatMap(({ paths }) => paths.flat())), [drawn]);
  const all = fit(whole, size);
  const [chosen, setView] = useState<View | undefined>(() => viewIn(text));
  const middle: Point = [size.width / 2, size.height / 2];
  const zoom = (factor: number, on: Point = middle) =>
    setView((now = all) => zoomed(now, factor, toPlan(now, size, on), whole, all.width));
  const pan = ([x, y]: Point) =>
    setView((now = all) => panned(now, [(x * now.width) / size.width, (y * now.width) / size.width], whole));
  const hand = useHand(box, { onZoom: zoom, onPan: pan });
  return { size, project, drawn, view: chosen ?? all, chosen, zoom, pan, hand, showAll: () => setView(undefined) };
}
