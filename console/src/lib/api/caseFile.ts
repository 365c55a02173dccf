import { queryOptions } from '@tanstack/react-query';
import type { Alert } from './alerts';
import { request, type Schemas } from './client';

/** A case with each of its alerts whole, and when it was read. */
export type CaseFile = { one: Schemas['Case']; alerts: Alert[]; read_at: string };

/** A case may hold a thousand alerts: asked for a few at a time, so that the server has others to answer too. */
const kAtOnce = 6;

async function readAlerts(ids: string[], signal: AbortSignal): Promise<Alert[]> {
  const alerts: Alert[] = [];
  for (let at = 0; at < ids.length; at += kAtOnce) {
    const some = ids.slice(at, at + kAtOnce);
    const ask = (alertId: string) => request('get', '/api/alerts/{alertId}', { path: { alertId }, signal });
    alerts.push(...(await Promise.all(some.map(ask))));
  }
  return alerts;
}

/**
 * Paper comes only from here. Each opening reads everything anew and is on record with the server, as a look-up of the
 * case (for a file) and of each alert; nothing is kept for the next one, and nothing changes while somebody reads.
 */
export const caseFileQuery = (caseId: string) =>
  queryOptions({
    queryKey: ['case_file', caseId],
    queryFn: async ({ signal }): Promise<CaseFile> => {
      const one = await request('get', '/api/cases/{caseId}', { path: { caseId }, query: { for: 'file' }, signal });
      const byTime = [...one.alerts].sort((a, b) => Date.parse(a.event_time) - Date.parse(b.event_time));
      const alerts = await readAlerts(
        byTime.map(({ alert_id }) => alert_id),
        signal,
      );
      return { one, alerts, read_at: new Date().toISOString().replace(/\.\d+/, '') };
    },
    staleTime: 'static',
    gcTime: 0,
  });
