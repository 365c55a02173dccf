import { Link } from 'react-router-dom';
import { timelineLink } from '../../components/links';
import type { MapVessel } from '../../lib/api/map';
import { vesselName } from './useWords';

/** Timelines of vessels go by their IMO number. */
export function VesselLink({ vessel }: { vessel: MapVessel }) {
  return vessel.imo ? <Link to={timelineLink('vessel', vessel.imo)}>{vesselName(vessel)}</Link> : vesselName(vessel);
}
