import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import type { MapFeature, MapState } from '../../lib/api/map';
import { useText } from '../../lib/i18n/useText';
import { useKeys } from '../../lib/keys';
import { useRested } from '../../lib/rested';
import { FeaturePanel } from './FeaturePanel';
import { byUrgency, countsOf, hiddenText, kLayers, nothing, shownIn, toggled, type Shown } from './layers';
import { kZoom, MapBar, Notices } from './MapBar';
import { kPlayed, kStep, later } from './moment';
import { viewText, type Point } from './plan';
import { Plan } from './Plan';
import { PlanTable } from './PlanTable';
import { TimeSlider } from './TimeSlider';
import { useView } from './useView';
import { useWords } from './useWords';

const kPan = 0.15;
const kSides: readonly [string, Point][] = [
  ['ArrowLeft', [-1, 0]],
  ['ArrowRight', [1, 0]],
  ['ArrowUp', [0, -1]],
  ['ArrowDown', [0, 1]],
];

/** Parts of the address; what is empty is left out. */
function useAddress() {
  const [query, setQuery] = useSearchParams();
  const put = useCallback(
    (change: Record<string, string | undefined>) =>
      setQuery(
        () => {
          // What the page was last painted with lacks a part that was put a moment ago: the address has it.
          const next = new URLSearchParams(window.location.search);
          for (const [name, value] of Object.entries(change)) value ? next.set(name, value) : next.delete(name);
          return next;
        },
        { replace: true },
      ),
    [setQuery],
  );
  return { query, put };
}

/** The place that the keys point at: what asks for eyes first comes first. */
function usePointer(features: readonly MapFeature[], state: MapState) {
  const order = useMemo(
    () =>
      state.features
        .filter(({ feature_id }) => features.some((each) => each.feature_id === feature_id))
        .sort((a, b) => byUrgency(a.counts, b.counts))
        .map(({ feature_id }) => feature_id),
    [state, features],
  );
  const [pointed, setPointed] = useState<string | undefined>();
  const point = (by: number, from: string | undefined) => {
    const place = order.indexOf(pointed ?? from ?? '');
    setPointed(order[place < 0 ? 0 : Math.min(Math.max(place + by, 0), order.length - 1)]);
  };
  return { pointed, point, leave: () => setPointed(undefined) };
}

type Given = {
  features: readonly MapFeature[];
  state: MapState;
  at: string | undefined;
  failed: boolean;
  busy: boolean;
  onAt: (at: string | undefined) => void;
};

export function PortMap({ features, state, at, failed, busy, onAt }: Given) {
  const t = useText();
  const { query, put } = useAddress();
  const box = useRef<HTMLDivElement>(null);
  const plan = useView(features, box, query.get('view'));
  const { pointed, point, leave } = usePointer(features, state);
  const [playing, setPlaying] = useState(false);
  const counts = useMemo(() => countsOf(state), [state]);
  const shown = shownIn(query.get('hide'));
  const words = useWords(shown);
  const featureOf = (id: string | null | undefined) => features.find(({ feature_id }) => feature_id === id);
  const [chosen, told] = [featureOf(query.get('feature')), featureOf(pointed)];

  const choose = useCallback((featureId: string) => put({ feature: featureId }), [put]);
  const show = (layers: Shown) => put({ hide: hiddenText(layers) });
  const [restedView, restedAt] = [useRested(plan.chosen), useRested(at)];
  useEffect(() => {
    put({ view: restedView && viewText(restedView), at: restedAt });
  }, [restedView, restedAt, put]);

  const { from, until } = state;
  const step = (by: number) => from && until && onAt(later(at, by, from, until));
  const play = (on: boolean) => {
    if (on && at === undefined) step(-kPlayed / kStep);
    setPlaying(on);
  };
  useKeys({
    '+': () => plan.zoom(kZoom),
    '=': () => plan.zoom(kZoom),
    '-': () => plan.zoom(1 / kZoom),
    '0': plan.showAll,
    ...Object.fromEntries(
      kSides.map(([key, [x, y]]) => [key, () => plan.pan([x * kPan * plan.size.width, y * kPan * plan.size.width])]),
    ),
    ',': () => step(-1),
    '.': () => step(1),
    ' ': () => play(!playing),
    j: () => point(1, chosen?.feature_id),
    k: () => point(-1, chosen?.feature_id),
    Enter: () => pointed && choose(pointed),
    Escape: () => (leave(), put({ feature: undefined })),
    ...Object.fromEntries(kLayers.map((layer, index) => [`${index + 1}`, () => show(toggled(shown, layer))])),
  });

  return (
    <>
      <MapBar state={state} shown={shown} onShow={show} onZoom={plan.zoom} onAll={plan.showAll} />
      <Notices state={state} at={at} failed={failed} />
      <div className={chosen ? 'map-body open' : 'map-body'}>
        <div className="map-box" ref={box} {...plan.hand}>
          {plan.size.width > 0 && (
            <Plan
              {...plan}
              state={state}
              counts={counts}
              shown={shown}
              chosen={chosen?.feature_id}
              pointed={pointed}
              onChoose={choose}
            />
          )}
        </div>
        {chosen && (
          <FeaturePanel
            key={chosen.feature_id}
            feature={chosen}
            at={at}
            resting={!playing}
            onClose={() => put({ feature: undefined })}
          />
        )}
      </div>
      <p className="hidden" role="status">
        {told && `${words.name(told)}: ${words.counts(counts.get(told.feature_id) ?? nothing) || t('map.empty')}`}
      </p>
      {from && until && (
        <TimeSlider from={from} until={until} at={at} playing={playing} busy={busy} onAt={onAt} onPlay={play} />
      )}
      <PlanTable features={features} state={state} shown={shown} chosen={chosen?.feature_id} onChoose={choose} />
    </>
  );
}
