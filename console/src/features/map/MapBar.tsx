import { Time } from '../../components/Time';
import type { MapState } from '../../lib/api/map';
import { useText } from '../../lib/i18n/useText';
import { useNow } from '../../lib/now';
import { kLayers, toggled, type LayerName, type Shown } from './layers';

/** The latest record is news for so long. */
const kFresh = 15 * 60_000;
export const kZoom = 0.7;

/** What the numbers rest on: which feeds say nothing of this instant, and how old the latest record is. */
export function Notices({ state, at, failed }: { state: MapState; at: string | undefined; failed: boolean }) {
  const t = useText();
  const now = useNow();
  const uncovered = [...new Set(state.layers.flatMap((layer) => layer.uncovered))];
  const isOld = at === undefined && state.until !== null && now - Date.parse(state.until) > kFresh;
  return (
    <>
      {failed && <p className="notice problem">{t('map.failed')}</p>}
      {isOld && (
        <p className="notice">
          {t('map.old')} <Time at={state.until!} />
        </p>
      )}
      {uncovered.length > 0 && <p className="notice">{t('map.uncovered', { feeds: uncovered.join(', ') })}</p>}
    </>
  );
}

type Given = {
  state: MapState;
  shown: Shown;
  onShow: (shown: Shown) => void;
  onZoom: (factor: number) => void;
  onAll: () => void;
};

/** Layers to show and hide, and how close one looks. */
export function MapBar({ state, shown, onShow, onZoom, onAll }: Given) {
  const t = useText();
  const hasNoFeed = (layer: LayerName) => state.layers.some((each) => each.layer === layer && each.feeds.length === 0);
  return (
    <div className="row wrap no-print">
      <div className="row wrap" role="group" aria-label={t('map.layers')}>
        {kLayers.map((layer) => (
          <button
            key={layer}
            className="chip"
            aria-pressed={shown.has(layer)}
            onClick={() => onShow(toggled(shown, layer))}
          >
            {t(`map.layer.${layer}`)}
            {hasNoFeed(layer) && <span className="count">{t('map.no_feed')}</span>}
          </button>
        ))}
      </div>
      <span className="grow" />
      <div className="row">
        <button className="button" aria-label={t('timeline.closer')} onClick={() => onZoom(kZoom)}>
          +
        </button>
        <button className="button" aria-label={t('timeline.wider')} onClick={() => onZoom(1 / kZoom)}>
          −
        </button>
        <button className="button" onClick={onAll}>
          {t('timeline.fit')} <kbd aria-hidden="true">0</kbd>
        </button>
      </div>
    </div>
  );
}
