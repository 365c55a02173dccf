import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { Level } from '../../components/Level';
import { timelineLink } from '../../components/links';
import { RuleWords } from '../../components/ServerWords';
import { Answer } from '../../components/States';
import { Time } from '../../components/Time';
import type { Schemas } from '../../lib/api/client';
import { mapFeatureQuery, type MapFeature } from '../../lib/api/map';
import type { Key } from '../../lib/i18n/text';
import { useText } from '../../lib/i18n/useText';
import { useRested } from '../../lib/rested';
import { VesselLink } from './VesselLink';

function Part<T>({ title, of, row }: { title: Key; of: readonly T[]; row: (item: T) => ReactNode }) {
  const t = useText();
  if (of.length === 0) return null;
  return (
    <>
      <h3>{t(title)}</h3>
      <ul>
        {of.map((item, index) => (
          <li key={index}>{row(item)}</li>
        ))}
      </ul>
    </>
  );
}

function Lists({ state }: { state: Schemas['MapFeatureState'] }) {
  const t = useText();
  const { counts } = state;
  const isEmpty = counts.alerts + counts.boxes + counts.cards + counts.vessels + counts.silent_devices === 0;
  return (
    <>
      {isEmpty && <p className="quiet">{t('map.empty')}</p>}
      <Part
        title="map.layer.alerts"
        of={state.alerts}
        row={(alert) => (
          <Link className="map-alert" to={`/watch?alert=${alert.alert_id}`}>
            <Level level={alert.level} />
            <RuleWords of={alert.title} />
            <span className="quiet">{alert.subjects.find(({ role }) => role === 'about')?.label}</span>
            <Time at={alert.event_time} />
          </Link>
        )}
      />
      {counts.boxes > 0 && (
        <p>
          {t('map.count.boxes', { count: counts.boxes })}
          {counts.boxes > state.boxes.length && <span className="quiet"> · {t('map.boxes.why')}</span>}
        </p>
      )}
      <Part
        title="map.boxes_with_alerts"
        of={state.boxes}
        row={(box) => (
          <>
            <Link className="fixed" to={timelineLink('container', box.number, box.alert_ids[0])}>
              {box.label}
            </Link>{' '}
            <span className="quiet">
              {t('map.since')} <Time at={box.since} />
            </span>
          </>
        )}
      />
      <Part
        title="map.vessels"
        of={state.vessels}
        row={(vessel) => (
          <>
            <VesselLink vessel={vessel} />{' '}
            {vessel.berthed_at && (
              <span className="quiet">
                {t('map.since')} <Time at={vessel.berthed_at} />
              </span>
            )}
          </>
        )}
      />
      <Part
        title="map.layer.devices"
        of={state.devices}
        row={(device) => (
          <>
            <span className="fixed">{device.device}</span>{' '}
            <span className="quiet">
              {t('map.since')} <Time at={device.since} />
            </span>
          </>
        )}
      />
      <Part
        title="map.cards_here"
        of={state.cards}
        row={(card) => (
          <>
            <Link className="fixed" to={timelineLink('credential', card.card)}>
              {card.card}
            </Link>{' '}
            <span className="quiet">
              {t('map.since')} <Time at={card.since} />
            </span>
          </>
        )}
      />
      {state.omitted > 0 && <p className="notice">{t('map.omitted', { count: state.omitted })}</p>}
    </>
  );
}

type Given = { feature: MapFeature; at: string | undefined; resting: boolean; onClose: () => void };

/** What stands at one feature. It is asked when it is opened and when the time comes to rest: each answer is on record. */
export function FeaturePanel({ feature, at, resting, onClose }: Given) {
  const t = useText();
  const asked = useRested(at);
  const answer = useQuery({ ...mapFeatureQuery(feature.feature_id, asked), enabled: resting });
  return (
    <aside className="map-panel card" aria-label={feature.name}>
      <header className="row wrap">
        <div className="map-panel-name">
          <h2>{feature.name}</h2>
          <p className="quiet">
            {t(`map.kind.${feature.kind}`)}
            {feature.facility && ` · ${feature.facility}`}
            {answer.data?.at && (
              <>
                {' · '}
                <Time at={answer.data.at} />
              </>
            )}
          </p>
        </div>
        <button className="button plain" disabled={answer.isFetching} onClick={() => void answer.refetch()}>
          {t('map.again')}
        </button>
        <button className="button plain" onClick={onClose}>
          {t('action.close')} <kbd aria-hidden="true">Esc</kbd>
        </button>
      </header>
      <div className="pad">
        {resting || answer.data ? (
          <Answer of={answer}>{(state) => <Lists state={state} />}</Answer>
        ) : (
          <p className="quiet">{t('map.playing')}</p>
        )}
        {feature.kind === 'zone' && (
          <p>
            <Link to={timelineLink('zone', feature.code)}>{t('map.timeline')}</Link>
          </p>
        )}
      </div>
    </aside>
  );
}
