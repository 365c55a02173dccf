import { describe, expect, it } from 'vitest';
import type { MapFeature } from '../../lib/api/map';
import { byUrgency, hiddenText, nothing, shownIn, toggled } from './layers';
import { firstStep, instantOf, later, stepOf } from './moment';
import {
  apart,
  barOf,
  boxOf,
  drawnOf,
  fit,
  mooring,
  pathText,
  projectionOf,
  toPlan,
  toScreen,
  viewIn,
  viewText,
  zoomed,
} from './plan';

const kUntil = '2026-03-13T05:07:00.000Z';
const kFrom = '2026-03-10T05:07:00.000Z';
const size = { width: 800, height: 400 };

const feature = (kind: MapFeature['kind'], code: string, path: number[][]): MapFeature => ({
  feature_id: `${kind}::${code}`,
  kind,
  code,
  name: code,
  facility: '',
  shape: path.length === 1 ? 'point' : kind === 'berth' ? 'line' : 'area',
  paths: [path],
});
const square = (west: number, south: number, side: number) => [
  [west, south],
  [west + side, south],
  [west + side, south + side],
  [west, south + side],
  [west, south],
];

describe('plan', () => {
  const large = feature('zone', 'PORT', square(13, 60, 0.01));
  const small = feature('zone', 'YARD', square(13, 60, 0.004));
  const berth = feature('berth', 'B1', [
    [13, 60],
    [13.01, 60],
  ]);
  const features = [berth, small, large];
  const drawn = drawnOf(features, projectionOf(features));

  it('is true to scale away from the equator, north up, and large below small', () => {
    expect(drawn.map((each) => each.feature.code)).toEqual(['PORT', 'YARD', 'B1']);
    const { right, bottom } = drawn[0]!.box;
    expect(bottom).toBeCloseTo(1113, 0);
    expect(right / bottom).toBeCloseTo(0.5, 2);
    expect(drawn[2]!.middle[1]).toBeCloseTo(bottom, 0);
    expect(pathText([[[0, 0] as const, [1, 2] as const]], true)).toBe('M0.0 0.0L1.0 2.0Z');
  });

  it('fits, zooms about a place, and keeps its view in the address', () => {
    const box = boxOf(drawn.flatMap(({ paths }) => paths.flat()));
    const view = fit(box, size);
    const [, top] = toScreen(view, size, [box.left, box.top]);
    expect(top).toBeGreaterThan(0);
    const at = [300, 900] as const;
    const closer = zoomed(view, 0.5, at, box, view.width);
    const [before, after] = [toScreen(view, size, at), toScreen(closer, size, at)];
    expect(after[0]).toBeCloseTo(before[0]);
    expect(after[1]).toBeCloseTo(before[1]);
    expect(toPlan(closer, size, after)[1]).toBeCloseTo(900);
    expect(viewIn(viewText(closer))!.width).toBe(Math.round(closer.width));
    for (const wrong of [null, '', '1,2', '1,2,3', 'a,b,900', '1,2,900,4']) expect(viewIn(wrong)).toBeUndefined();
    expect(barOf({ x: 0, y: 0, width: 1600 }, size)).toEqual({ metres: 200, pixels: 100 });
  });

  it('names what can be read', () => {
    const label = (x: number, y: number) => ({ x, y, width: 40, height: 14 });
    expect(apart([label(0, 0), label(30, 10), label(45, 0), label(0, 14)])).toEqual([
      label(0, 0),
      label(45, 0),
      label(0, 14),
    ]);
  });

  it('moors ships on the water side, one behind the other', () => {
    const land = drawn[1]!.middle;
    const [first, second] = [mooring(drawn[2]!, land, 0, 2), mooring(drawn[2]!, land, 1, 2)];
    expect(first.middle[1]).toBeGreaterThan(drawn[2]!.middle[1]);
    expect(second.middle[0] - first.middle[0]).toBeGreaterThan(first.length);
  });
});

describe('moment', () => {
  it('goes in quarters of an hour back from the latest, which is no instant', () => {
    expect(stepOf(undefined, kUntil)).toBe(0);
    expect(instantOf(0, kUntil)).toBeUndefined();
    expect(instantOf(-1, kUntil)).toBe('2026-03-13T04:52:00.000Z');
    expect(stepOf('2026-03-13T04:52:00.000Z', kUntil)).toBe(-1);
    expect(firstStep(kFrom, kUntil)).toBe(-288);
    expect(later(undefined, -1000, kFrom, kUntil)).toBe(kFrom);
    expect(later('2026-03-13T04:52:00.000Z', 1, kFrom, kUntil)).toBeUndefined();
  });
});

describe('layers', () => {
  it('keeps what is hidden in the address', () => {
    const shown = toggled(shownIn('cards,nonsense'), 'boxes');
    expect(hiddenText(shown)).toBe('boxes,cards');
    expect(hiddenText(toggled(shown, 'cards'))).toBe('boxes');
  });

  it('puts first what asks for eyes', () => {
    const rows = [
      { ...nothing, boxes: 90 },
      { ...nothing, alerts: 1, level: 'low' as const },
      { ...nothing, alerts: 1, level: 'critical' as const },
      { ...nothing, silent_devices: 1 },
    ].sort(byUrgency);
    expect(rows.map(({ level, silent_devices }) => level ?? silent_devices)).toEqual(['critical', 'low', 1, 0]);
  });
});
