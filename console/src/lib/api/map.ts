import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { request, type Schemas } from './client';

export type MapState = Schemas['MapState'];
export type MapFeature = Schemas['MapFeature'];
export type MapCounts = Schemas['MapCounts'];
export type MapVessel = Schemas['MapVessel'];

export const mapQuery = queryOptions({
  queryKey: ['map', 'geometry'],
  queryFn: ({ signal }) => request('get', '/api/map', { signal }),
  staleTime: 300_000,
});

const kLiveEvery = 15_000;

/** Without an instant that of the latest sighting, again and again; what was changes seldom. */
export const mapStateQuery = (at: string | undefined) =>
  queryOptions({
    queryKey: ['map', 'state', at ?? 'live'],
    queryFn: ({ signal }) => request('get', '/api/map/state', { query: { at }, signal }),
    placeholderData: keepPreviousData,
    staleTime: at === undefined ? 0 : 60_000,
    refetchInterval: at === undefined ? kLiveEvery : false,
  });

/** On record with each answer: asked when somebody opens the feature, and when he asks again. */
export const mapFeatureQuery = (featureId: string, at: string | undefined) =>
  queryOptions({
    queryKey: ['map', 'feature', featureId, at ?? 'live'],
    queryFn: ({ signal }) =>
      request('get', '/api/map/features/{featureId}', { path: { featureId }, query: { at }, signal }),
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
