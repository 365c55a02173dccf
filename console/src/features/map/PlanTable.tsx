import { Level } from '../../components/Level';
import { Time } from '../../components/Time';
import type { MapCounts, MapFeature, MapState } from '../../lib/api/map';
import { useText } from '../../lib/i18n/useText';
import { byUrgency, type Shown } from './layers';
import { useWords } from './useWords';
import { VesselLink } from './VesselLink';

type Given = {
  features: readonly MapFeature[];
  state: MapState;
  shown: Shown;
  chosen: string | undefined;
  onChoose: (featureId: string) => void;
};

function Numbers({ counts }: { counts: MapCounts }) {
  const t = useText();
  return (
    <>
      <td>{counts.level && <Level level={counts.level} />}</td>
      {([counts.alerts, counts.boxes, counts.boxes_with_alerts, counts.cards, counts.silent_devices] as const).map(
        (count, index) => (
          <td key={index} className="number">
            {t('map.number', { count })}
          </td>
        ),
      )}
    </>
  );
}

function Vessels({ state, features }: Pick<Given, 'state' | 'features'>) {
  const t = useText();
  const berths = new Map(features.map((feature) => [feature.feature_id, feature.name]));
  return (
    <table>
      <caption className="hidden">{t('map.vessels')}</caption>
      <thead>
        <tr>
          <th>{t('map.vessel')}</th>
          <th>{t('map.kind.berth')}</th>
          <th>{t('map.since')}</th>
          <th>{t('map.level')}</th>
        </tr>
      </thead>
      <tbody>
        {state.vessels.map((vessel) => (
          <tr key={vessel.imo || vessel.mmsi}>
            <td>
              <VesselLink vessel={vessel} />
            </td>
            <td>{(vessel.feature_id && berths.get(vessel.feature_id)) || vessel.berth || t('map.at_sea')}</td>
            <td>
              {(vessel.berthed_at ?? vessel.position?.at) && <Time at={(vessel.berthed_at ?? vessel.position?.at)!} />}
            </td>
            <td>{vessel.level && <Level level={vessel.level} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The same as the plan, for who reads rather than looks. */
export function PlanTable({ features, state, shown, chosen, onChoose }: Given) {
  const t = useText();
  const words = useWords(shown);
  const known = new Map(features.map((feature) => [feature.feature_id, feature]));
  const rows = state.features
    .filter(({ feature_id }) => known.has(feature_id))
    .sort((a, b) => byUrgency(a.counts, b.counts));
  return (
    <section className="card scroll map-table" aria-label={t('map.table')} tabIndex={0}>
      <header>
        <h2>{t('map.table')}</h2>
      </header>
      <table>
        <thead>
          <tr>
            <th>{t('map.place')}</th>
            <th>{t('map.level')}</th>
            <th className="number">{t('map.layer.alerts')}</th>
            <th className="number">{t('map.layer.boxes')}</th>
            <th className="number">{t('map.boxes_with_alerts')}</th>
            <th className="number">{t('map.layer.cards')}</th>
            <th className="number">{t('map.layer.devices')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ feature_id, counts }) => (
            <tr key={feature_id} className={feature_id === chosen ? 'chosen' : ''}>
              <td>
                <button className="as-link" onClick={() => onChoose(feature_id)}>
                  {words.name(known.get(feature_id)!)}
                </button>{' '}
                <span className="quiet">{t(`map.kind.${known.get(feature_id)!.kind}`)}</span>
              </td>
              <Numbers counts={counts} />
            </tr>
          ))}
          <tr>
            <td>
              {t('map.elsewhere')} <span className="quiet">{t('map.elsewhere.why')}</span>
            </td>
            <Numbers counts={state.elsewhere} />
          </tr>
        </tbody>
      </table>
      {state.vessels.length > 0 && <Vessels state={state} features={features} />}
      {state.vessels_omitted > 0 && <p className="notice">{t('map.omitted', { count: state.vessels_omitted })}</p>}
      {state.dropped > 0 && <p className="notice">{t('map.dropped', { count: state.dropped })}</p>}
    </section>
  );
}
