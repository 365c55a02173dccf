/** The plan in metres: x to the east, y to the south as a screen has it. Pure. */
import type { MapFeature } from '../../lib/api/map';

export type Point = readonly [number, number];
export type Box = { left: number; top: number; right: number; bottom: number };
/** What is shown: its middle, and how many metres the window is wide. */
export type View = { x: number; y: number; width: number };
export type Size = { width: number; height: number };
export type Drawn = { feature: MapFeature; paths: Point[][]; box: Box; middle: Point };

const kMetresPerDegree = 111_320;
const kAir = 0.09;
/** Closer than this records do not tell. */
const kNarrowest = 40;

export type Project = (longitude: number, latitude: number) => Point;

/** Metres from the south-west corner of all features: true enough over the few kilometres of a port. */
export function projectionOf(features: readonly MapFeature[]): Project {
  const positions = features.flatMap(({ paths }) => paths.flat());
  const west = Math.min(...positions.map(([longitude = 0]) => longitude));
  const latitudes = positions.map(([, latitude = 0]) => latitude);
  const [south, north] = [Math.min(...latitudes), Math.max(...latitudes)];
  const narrower = Math.cos((((south + north) / 2) * Math.PI) / 180);
  return (longitude, latitude) => [
    (longitude - west) * kMetresPerDegree * narrower,
    (north - latitude) * kMetresPerDegree,
  ];
}

export function boxOf(points: readonly Point[]): Box {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

const kOrder = ['ground', 'zone', 'block', 'berth', 'gate', 'camera'];
const areaOf = ({ left, top, right, bottom }: Box) => (right - left) * (bottom - top);

/** In the order of drawing: large zones below small ones, points above all. */
export function drawnOf(features: readonly MapFeature[], project: Project): Drawn[] {
  return features
    .map((feature) => {
      const paths = feature.paths.map((path) =>
        path.map(([longitude = 0, latitude = 0]) => project(longitude, latitude)),
      );
      const box = boxOf(paths.flat());
      return { feature, paths, box, middle: [(box.left + box.right) / 2, (box.top + box.bottom) / 2] as const };
    })
    .sort((a, b) => kOrder.indexOf(a.feature.kind) - kOrder.indexOf(b.feature.kind) || areaOf(b.box) - areaOf(a.box));
}

export const pathText = (paths: readonly Point[][], closed: boolean) =>
  paths
    .map((path) => `M${path.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}${closed ? 'Z' : ''}`)
    .join('');

/** All of it, with air around. */
export function fit(box: Box, size: Size): View {
  const [width, height] = [Math.max(box.right - box.left, 1), Math.max(box.bottom - box.top, 1)];
  const wide = Math.max(width, (height * size.width) / Math.max(size.height, 1)) * (1 + 2 * kAir);
  return { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2, width: wide };
}

const between = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most);

/** The middle stays within what is drawn. */
const within = (view: View, box: Box): View => ({
  ...view,
  x: between(view.x, box.left, box.right),
  y: between(view.y, box.top, box.bottom),
});

/** `factor` under 1 comes closer; the place `at` stays where it is. */
export function zoomed(view: View, factor: number, at: Point, box: Box, widest: number): View {
  const width = between(view.width * factor, kNarrowest, widest * 2);
  const scale = width / view.width;
  return within({ x: at[0] + (view.x - at[0]) * scale, y: at[1] + (view.y - at[1]) * scale, width }, box);
}

export const panned = (view: View, by: Point, box: Box): View =>
  within({ ...view, x: view.x + by[0], y: view.y + by[1] }, box);

export const toScreen = (view: View, size: Size, [x, y]: Point): Point => {
  const scale = size.width / view.width;
  return [(x - view.x) * scale + size.width / 2, (y - view.y) * scale + size.height / 2];
};

export const toPlan = (view: View, size: Size, [x, y]: Point): Point => {
  const scale = view.width / size.width;
  return [(x - size.width / 2) * scale + view.x, (y - size.height / 2) * scale + view.y];
};

export const viewText = ({ x, y, width }: View) => [x, y, width].map(Math.round).join(',');

export function viewIn(text: string | null): View | undefined {
  const [x, y, width, ...rest] = (text ?? '').split(',').map(Number);
  const all = [x, y, width];
  if (rest.length > 0 || all.some((n) => n === undefined || !Number.isFinite(n)) || width! < kNarrowest)
    return undefined;
  return { x: x!, y: y!, width: width! };
}

export type Label = { x: number; y: number; width: number; height: number };

/** Of labels in order of their weight, those that cover none before them. */
export function apart<T extends Label>(labels: readonly T[]): T[] {
  const out: T[] = [];
  for (const label of labels) {
    const covers = ({ x, y, width, height }: Label) =>
      label.x < x + width && x < label.x + label.width && label.y < y + height && y < label.y + label.height;
    if (!out.some(covers)) out.push(label);
  }
  return out;
}

/** Where a ship lies along its berth: beside the line, away from the land; `turn` in degrees. */
export type Mooring = { middle: Point; length: number; turn: number };
const kShip = 0.86;
const kBeam = 0.14;

export function mooring(berth: Drawn, land: Point, place: number, places: number): Mooring {
  const line = berth.paths[0] ?? [];
  const [from, until] = berth.feature.shape === 'line' ? [line[0]!, line.at(-1)!] : [berth.middle, berth.middle];
  const [dx, dy] = [until[0] - from[0], until[1] - from[1]];
  const whole = Math.hypot(dx, dy);
  if (whole === 0) return { middle: berth.middle, length: 120, turn: 0 };
  const length = (whole / places) * kShip;
  const share = (place + 0.5) / places;
  const on: Point = [from[0] + dx * share, from[1] + dy * share];
  const side = (land[0] - on[0]) * -dy + (land[1] - on[1]) * dx > 0 ? -1 : 1;
  const away = (side * length * kBeam) / 2 / whole;
  return {
    middle: [on[0] - dy * away, on[1] + dx * away],
    length,
    turn: (Math.atan2(dy, dx) * 180) / Math.PI,
  };
}

/** A hull with its bow to the east, around 0,0. */
export function hullText(length: number): string {
  const [half, beam] = [length / 2, (length * kBeam) / 2];
  const at = (x: number, y: number) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  return `M${at(-half, -beam)}L${at(half * 0.72, -beam)}L${at(half, 0)}L${at(half * 0.72, beam)}L${at(-half, beam)}Z`;
}

const kBars = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];
/** A round length for the scale bar, at most `most` pixels. */
export function barOf(view: View, size: Size, most = 120): { metres: number; pixels: number } {
  const scale = size.width / view.width;
  const metres = kBars.filter((each) => each * scale <= most).at(-1) ?? kBars[0]!;
  return { metres, pixels: metres * scale };
}
