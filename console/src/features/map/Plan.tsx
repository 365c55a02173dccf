import { memo } from 'react';
import { LevelShape } from '../../components/Level';
import type { MapCounts, MapState } from '../../lib/api/map';
import { useText } from '../../lib/i18n/useText';
import { nothing, type Shown } from './layers';
import {
  apart,
  barOf,
  pathText,
  toScreen,
  type Drawn,
  type Label,
  type Point,
  type Project,
  type Size,
  type View,
} from './plan';
import { Ships } from './Ships';
import { useWords } from './useWords';

type Given = {
  drawn: readonly Drawn[];
  state: MapState | undefined;
  counts: ReadonlyMap<string, MapCounts>;
  project: Project;
  shown: Shown;
  chosen: string | undefined;
  pointed: string | undefined;
  view: View;
  size: Size;
  onChoose: (featureId: string) => void;
};

const kLetter = 6.6;
const kPoint = 4;

/** Outlines move as one: only the frame around them changes when the view does. */
const Outlines = memo(function Outlines({
  drawn,
  counts,
  shown,
  onChoose,
}: Pick<Given, 'drawn' | 'counts' | 'shown' | 'onChoose'>) {
  const words = useWords(shown);
  return drawn
    .filter(({ feature }) => feature.shape !== 'point')
    .map(({ feature, paths }, index) => {
      const { feature_id: id, kind, shape } = feature;
      const here = counts.get(id) ?? nothing;
      const alerted = shown.has('alerts') && here.level ? ` alerted ${here.level}` : '';
      const dark = shown.has('devices') && here.silent_devices > 0 ? ' unwatched' : '';
      return (
        <path
          key={index}
          className={`map-${kind}${alerted}${dark}`}
          d={pathText(paths, shape === 'area')}
          data-feature={id}
          onClick={kind === 'ground' ? undefined : () => onChoose(id)}
        >
          <title>{[words.name(feature), words.counts(here)].filter(Boolean).join(': ')}</title>
        </path>
      );
    });
});

type Placed = { each: Drawn; at: Point; corner: Point; here: MapCounts; room: number; tall: number };
type Named = Label & { id: string; kind: string; name: string; number: string };

const kLine = 14;

/** A zone is named in its corner, so that what stands in it can be read; a block in its middle, with its boxes. */
function useNames(placed: readonly Placed[], shown: Shown): Named[] {
  const words = useWords(shown);
  const t = useText();
  const numberOf = (kind: string, here: MapCounts) => {
    if (kind === 'block') return shown.has('boxes') && here.boxes > 0 ? t('map.number', { count: here.boxes }) : '';
    return shown.has('cards') && here.cards > 0 ? t('map.count.cards', { count: here.cards }) : '';
  };
  const named = placed.flatMap(({ each: { feature }, at, corner, here, room, tall }) => {
    const { feature_id: id, kind, code } = feature;
    const isBlock = kind === 'block';
    if (!isBlock && kind !== 'zone') return [];
    const fits = (text: string) => room >= (text.length + 1) * kLetter;
    const name = !isBlock && fits(words.name(feature)) ? words.name(feature) : code;
    if (!fits(name) || tall < kLine) return [];
    const written = tall < 2 * kLine && isBlock ? '' : numberOf(kind, here);
    const number = fits(isBlock ? written : `${name}  ${written}`) ? written : '';
    const width = (isBlock ? Math.max(name.length, number.length) : name.length + number.length + 1) * kLetter;
    const place = isBlock
      ? { x: at[0] - width / 2, y: at[1] - (number ? kLine : kLine / 2), height: number ? 2 * kLine : kLine }
      : { x: corner[0] + 5, y: corner[1] + 2, height: kLine };
    return [{ id, kind, name, number, width, ...place }];
  });
  // What is drawn last lies on top, so it keeps its name first.
  return apart(named.reverse());
}

function Name({ kind, name, number, x, y, width }: Named) {
  const isBlock = kind === 'block';
  const middle = x + width / 2;
  return (
    <text
      className={`map-label ${kind}`}
      x={isBlock ? middle : x}
      y={y + (isBlock && number ? kLine - 1 : 11)}
      aria-hidden="true"
    >
      <tspan>{name}</tspan>
      {number && (
        <tspan className="number" {...(isBlock ? { x: middle, dy: kLine } : { dx: 6 })}>
          {number}
        </tspan>
      )}
    </text>
  );
}

/** On the corner away from the name. */
function Badge({ at: [x, y], here }: { at: Point; here: MapCounts }) {
  const t = useText();
  if (!here.level) return null;
  const text = t('map.number', { count: here.alerts });
  const width = 24 + text.length * kLetter;
  return (
    <g className={`map-badge ${here.level}`} transform={`translate(${x - width + 7} ${y - 13})`} aria-hidden="true">
      <rect width={width} height={18} rx={9} />
      <g transform="translate(5 3)">
        <LevelShape level={here.level} size={12} />
      </g>
      <text x={20} y={13}>
        {text}
      </text>
    </g>
  );
}

/** Cameras and gates are too small for an outline: a mark of one size, crossed out when silent. */
function Spot({ each: { feature }, at: [x, y], here, shown, onChoose }: Placed & Pick<Given, 'shown' | 'onChoose'>) {
  const words = useWords(shown);
  const silent = shown.has('devices') && here.silent_devices > 0;
  return (
    <g
      className={`map-spot ${feature.kind}${silent ? ' silent' : ''}`}
      transform={`translate(${x} ${y})`}
      data-feature={feature.feature_id}
      onClick={() => onChoose(feature.feature_id)}
    >
      <title>{[words.name(feature), words.counts(here)].filter(Boolean).join(': ')}</title>
      {feature.kind === 'gate' ? <rect x={-kPoint} y={-kPoint} width={8} height={8} /> : <circle r={kPoint} />}
      {silent && <path d="M-7 -7L7 7M-7 7L7 -7" />}
    </g>
  );
}

/** The plan of the port and what stands on it. Everything in it stands in the table below, too. */
export function Plan({ drawn, state, counts, project, shown, chosen, pointed, view, size, onChoose }: Given) {
  const t = useText();
  const scale = size.width / view.width;
  const bar = barOf(view, size);
  const marked = drawn.filter(({ feature }) => feature.feature_id === chosen || feature.feature_id === pointed);
  const placed = drawn
    .filter(({ feature }) => feature.kind !== 'ground')
    .map((each) => ({
      each,
      here: counts.get(each.feature.feature_id) ?? nothing,
      at: toScreen(view, size, each.middle),
      corner: toScreen(view, size, [each.box.left, each.box.top]),
      room: (each.box.right - each.box.left) * scale,
      tall: (each.box.bottom - each.box.top) * scale,
    }));
  const names = useNames(placed, shown);
  return (
    <svg className="map-plan" width={size.width} height={size.height} role="img" aria-label={t('map.plan')}>
      <g
        className="map-outlines"
        transform={`translate(${size.width / 2 - view.x * scale} ${size.height / 2 - view.y * scale}) scale(${scale})`}
      >
        <Outlines drawn={drawn} counts={counts} shown={shown} onChoose={onChoose} />
        {marked.map(({ feature, paths }) => (
          <path
            key={feature.feature_id}
            className={feature.feature_id === chosen ? 'map-chosen' : 'map-pointed'}
            d={pathText(paths, feature.shape === 'area')}
          />
        ))}
      </g>
      {placed
        .filter(({ each }) => each.feature.shape === 'point')
        .map((each, index) => (
          <Spot key={index} {...each} shown={shown} onChoose={onChoose} />
        ))}
      {marked
        .filter(({ feature }) => feature.shape === 'point')
        .map(({ feature, middle }) => {
          const [x, y] = toScreen(view, size, middle);
          return <circle key={feature.feature_id} className="map-ring" cx={x} cy={y} r={9} />;
        })}
      {names.map((each) => (
        <Name key={each.id} {...each} />
      ))}
      {shown.has('vessels') && state && (
        <Ships state={state} drawn={drawn} project={project} view={view} size={size} onChoose={onChoose} />
      )}
      {shown.has('alerts') &&
        placed.map(({ each, here, corner: [x, y], room }) => (
          <Badge key={each.feature.feature_id} here={here} at={[x + room, y]} />
        ))}
      <g className="map-bar" transform={`translate(12 ${size.height - 14})`} aria-hidden="true">
        <path d={`M0 -5V0H${bar.pixels}V-5`} />
        <text x={bar.pixels + 7} y={1}>
          {t('map.metres', { metres: bar.metres })}
        </text>
      </g>
    </svg>
  );
}
