import type { AlertFilter } from '../../lib/api/alerts';
import { kLevels } from '../../lib/queue';

/** What of the queue is shown, as the address has it: a view can be sent to a colleague. */
const kStates = ['new', 'taken', 'dismissed', 'in_case'] as const;
const kStatuses = ['provisional', 'final', 'withdrawn'] as const;

/** Without `state` in the address: what still waits for somebody. `state=all` is all. */
const kWaiting: AlertFilter['state'] = ['new', 'taken'];

const among = <T extends string>(text: string | null, allowed: readonly T[]): T[] =>
  allowed.filter((word) => (text ?? '').split(',').includes(word));

export function readFilter(query: URLSearchParams): AlertFilter {
  const state = query.get('state');
  return {
    state: state === null ? kWaiting : state === 'all' ? [] : among(state, kStates),
    level: among(query.get('level'), kLevels),
    status: among(query.get('status'), kStatuses),
    owner: query.get('owner') ?? '',
    rule_id: query.get('rule') ?? '',
    q: query.get('q') ?? '',
    facility: query.get('facility') ?? '',
    outcome: query.get('outcome') ?? '',
    raised_from: query.get('from') ?? '',
    raised_until: query.get('until') ?? '',
  };
}

/** The part of a filter that a key figure sets; taken off together. */
export const kUncounted = { facility: '', outcome: '', raised_from: '', raised_until: '' };
export const isCounted = (filter: AlertFilter) =>
  [filter.facility, filter.outcome, filter.raised_from, filter.raised_until].some((text) => text !== '');

/** The address for a filter; other parts of it (the open alert) stay. */
export function writeFilter(query: URLSearchParams, filter: AlertFilter): URLSearchParams {
  const out = new URLSearchParams(query);
  const put = (name: string, value: string) => (value ? out.set(name, value) : out.delete(name));
  const waiting = filter.state.length === kWaiting.length && kWaiting.every((state) => filter.state.includes(state));
  put('state', waiting ? '' : filter.state.length === 0 ? 'all' : filter.state.join(','));
  put('level', filter.level.join(','));
  put('status', filter.status.join(','));
  put('owner', filter.owner);
  put('rule', filter.rule_id);
  put('q', filter.q);
  put('facility', filter.facility);
  put('outcome', filter.outcome);
  put('from', filter.raised_from);
  put('until', filter.raised_until);
  return out;
}

export const isNarrowed = (filter: AlertFilter) => {
  const { level, status, owner, rule_id, q } = filter;
  return level.length > 0 || status.length > 0 || owner !== '' || rule_id !== '' || q !== '' || isCounted(filter);
};

/** On or off; order as everywhere, so that the same choice is the same address. */
export const toggled = <T extends string>(chosen: T[], word: T, order: readonly T[]): T[] =>
  order.filter((each) => (each === word ? !chosen.includes(each) : chosen.includes(each)));

export { kStates, kStatuses };
