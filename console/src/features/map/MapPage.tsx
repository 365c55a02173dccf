import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import { Answer, Empty, Failure, Loading } from '../../components/States';
import { mapQuery, mapStateQuery, type MapFeature, type MapState } from '../../lib/api/map';
import { useText } from '../../lib/i18n/useText';
import { useRested } from '../../lib/rested';
import { PortMap } from './PortMap';
import './map.css';

/** The port as a plan: what stands where, now and in the last days. */
export default function MapPage() {
  const t = useText();
  const [query] = useSearchParams();
  const [at, setAt] = useState(query.get('at') ?? undefined);
  const asked = useRested(at);
  const map = useQuery(mapQuery);
  const answer = useQuery(mapStateQuery(asked));
  // What was known stays on screen while another instant cannot be had.
  const last = useRef<MapState | undefined>(undefined);
  if (answer.data) last.current = answer.data;
  const state = last.current;
  const shownOf = (features: readonly MapFeature[]) => {
    if (features.length === 0) return <Empty title="map.no_geometry" next="map.no_geometry.next" />;
    if (!state && answer.error)
      return <Failure error={answer.error} retry={() => (setAt(undefined), void answer.refetch())} />;
    if (!state) return <Loading />;
    if (state.until === null) return <Empty title="map.nothing" next="map.nothing.next" />;
    const busy = asked !== at || (answer.isFetching && answer.data !== undefined && answer.isPlaceholderData);
    return <PortMap features={features} state={state} at={at} failed={answer.isError} busy={busy} onAt={setAt} />;
  };
  return (
    <div className="sheet map">
      <h1 className="hidden">{t('page.map')}</h1>
      <Answer of={map}>{({ features }) => shownOf(features)}</Answer>
    </div>
  );
}
