import { LevelShape } from '../../components/Level';
import type { MapState, MapVessel } from '../../lib/api/map';
import { useText } from '../../lib/i18n/useText';
import { boxOf, hullText, mooring, toScreen, type Drawn, type Point, type Project, type Size, type View } from './plan';
import { vesselName } from './useWords';

type Given = {
  state: MapState;
  drawn: readonly Drawn[];
  project: Project;
  view: View;
  size: Size;
  onChoose: (featureId: string) => void;
};

const kArrow = 'M0 -8L5 7L0 4L-5 7Z';
const kNameRoom = 60;

function Name({ vessel, at: [x, y] }: { vessel: MapVessel; at: Point }) {
  return (
    <text className="map-label ship" x={x} y={y} aria-hidden="true">
      {vesselName(vessel)}
    </text>
  );
}

/** At its berth, to scale as far as the berth goes. */
function Moored({ vessel, berth, land, place, places, view, size, onChoose }: Given & Moor) {
  const { middle, length, turn } = mooring(berth, land, place, places);
  const [x, y] = toScreen(view, size, middle);
  const pixels = (length * size.width) / view.width;
  return (
    <g
      className={`map-ship${vessel.level ? ` alerted ${vessel.level}` : ''}`}
      onClick={() => onChoose(berth.feature.feature_id)}
    >
      <title>{vesselName(vessel)}</title>
      <path d={hullText(pixels)} transform={`translate(${x} ${y}) rotate(${turn})`} />
      {pixels > kNameRoom && <Name vessel={vessel} at={[x, y + 4]} />}
      {vessel.level && (
        <g transform={`translate(${x - pixels / 2 + 4} ${y - 6})`}>
          <LevelShape level={vessel.level} size={12} />
        </g>
      )}
    </g>
  );
}
type Moor = { vessel: MapVessel; berth: Drawn; land: Point; place: number; places: number };

/** Where it says it is; without a course a ring. */
function Sailing({ vessel, at: [x, y] }: { vessel: MapVessel; at: Point }) {
  const t = useText();
  const course = vessel.position?.course_deg ?? null;
  return (
    <g className={`map-ship sailing${vessel.level ? ` alerted ${vessel.level}` : ''}`}>
      <title>
        {vesselName(vessel)}
        {vessel.position?.speed_kn != null && ` ${t('map.knots', { knots: vessel.position.speed_kn })}`}
      </title>
      {course === null ? (
        <circle cx={x} cy={y} r={5} />
      ) : (
        <path d={kArrow} transform={`translate(${x} ${y}) rotate(${course})`} />
      )}
      <Name vessel={vessel} at={[x, y + 20]} />
    </g>
  );
}

export function Ships(given: Given) {
  const { state, drawn, project, view, size } = given;
  const all = boxOf(drawn.flatMap(({ paths }) => paths.flat()));
  const land: Point = [(all.left + all.right) / 2, (all.top + all.bottom) / 2];
  return state.vessels.map((vessel, index) => {
    const key = vessel.imo || vessel.mmsi || index;
    if (vessel.position) {
      const at = toScreen(view, size, project(vessel.position.longitude, vessel.position.latitude));
      return <Sailing key={key} vessel={vessel} at={at} />;
    }
    const berth = drawn.find(({ feature }) => feature.feature_id === vessel.feature_id);
    if (!berth) return null;
    const there = state.vessels.filter((each) => each.feature_id === vessel.feature_id && !each.position);
    return (
      <Moored
        key={key}
        {...given}
        vessel={vessel}
        berth={berth}
        land={land}
        place={there.indexOf(vessel)}
        places={there.length}
      />
    );
  });
}
