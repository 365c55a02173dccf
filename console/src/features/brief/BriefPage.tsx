import { queryOptions, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { ActBefore, subjectsInOrder, TriageMark } from '../../components/AlertLine';
import { Level } from '../../components/Level';
import { RuleWords } from '../../components/ServerWords';
import { Answer } from '../../components/States';
import { Age, Time, useZone } from '../../components/Time';
import type { AlertSummary } from '../../lib/api/alerts';
import { request, type Schemas } from '../../lib/api/client';
import { casesQuery } from '../../lib/api/lists';
import { useSession } from '../../lib/api/session';
import { useText } from '../../lib/i18n/useText';
import { useKeys } from '../../lib/keys';
import { useNow } from '../../lib/now';
import { lastHour } from '../../lib/shift';
import { BlindSpots } from './BlindSpots';
import { kListed, kShown } from './sheet';
import './brief.css';

const kLevels: readonly Schemas['Level'][] = ['critical', 'high', 'medium', 'low'];

/** Open as the key figures count it: an alert of a closed case has its outcome. */
const openAlerts = queryOptions({
  queryKey: ['alerts', 'brief'],
  queryFn: ({ signal }) =>
    request('get', '/api/alerts', { query: { outcome: 'open', sort: 'urgent', limit: 500 }, signal }),
});

const isSince = (at: string | null, since: number) => at !== null && Date.parse(at) >= since;

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="card brief-part">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

/** How much is open, how much of it is new since yesterday, and how much of that nobody has looked at. */
function Figures({ alerts, counts, since }: { alerts: AlertSummary[]; counts: Schemas['AlertCounts']; since: number }) {
  const t = useText();
  const of = (level: string) => alerts.filter((alert) => alert.level === level);
  return (
    <table className="brief-figures">
      <thead>
        <tr>
          <th>{t('brief.level')}</th>
          <th className="number">{t('brief.open')}</th>
          <th className="number">{t('brief.of_day')}</th>
          <th className="number">{t('brief.untaken')}</th>
        </tr>
      </thead>
      <tbody>
        {kLevels.map((level) => (
          <tr key={level}>
            <td>
              <Level level={level} />
            </td>
            <td className="number">{counts.by_level[level] ?? 0}</td>
            <td className="number">{of(level).filter((alert) => isSince(alert.changed_at, since)).length}</td>
            <td className="number">{of(level).filter((alert) => alert.triage.state === 'new').length}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Urgent({ alerts }: { alerts: AlertSummary[] }) {
  const t = useText();
  if (alerts.length === 0) return <p className="quiet">{t('brief.nothing_open')}</p>;
  const shown = alerts.slice(0, kShown);
  return (
    <>
      <ol className="brief-urgent">
        {shown.map((alert) => (
          <li key={alert.alert_id}>
            <Level level={alert.level} />
            <span>
              <Link to={`/watch?alert=${alert.alert_id}`}>
                <RuleWords of={alert.title} />
              </Link>{' '}
              <b>
                {subjectsInOrder(alert.subjects)
                  .filter(({ role }) => role === 'about')
                  .map(({ label }) => label)
                  .join(', ')}
              </b>{' '}
              <span className="quiet">
                <Time at={alert.event_time} />
                {alert.status !== 'final' && ` · ${t(`status.${alert.status}`)}`}
              </span>
            </span>
            <span className="brief-right">
              <TriageMark of={alert} /> <ActBefore at={alert.act_before} />
            </span>
          </li>
        ))}
      </ol>
      {alerts.length > shown.length && (
        <p className="quiet">
          <Link to="/watch">{t('brief.more', { count: alerts.length - shown.length })}</Link>
        </p>
      )}
    </>
  );
}

function OpenCases() {
  const t = useText();
  const answer = useQuery(casesQuery('open'));
  return (
    <Answer of={answer}>
      {({ items }) =>
        items.length === 0 ? (
          <p className="quiet">{t('brief.no_cases')}</p>
        ) : (
          <ul className="brief-list">
            {items.slice(0, kListed).map((item) => (
              <li key={item.case_id}>
                <Link to={`/cases/${item.case_id}`}>{item.title}</Link>{' '}
                <span className="quiet">
                  {item.owner?.name ?? t('case.nobody')} · {t('case.open_tasks')} {item.open_tasks} ·{' '}
                  <Age at={item.changed_at} />
                </span>
              </li>
            ))}
            {items.length > kListed && (
              <li>
                <Link to="/cases">{t('stale.more', { count: items.length - kListed })}</Link>
              </li>
            )}
          </ul>
        )
      }
    </Answer>
  );
}

/** One sheet for the handing over of a watch: what is open, what nobody could see, who works on what. */
export default function BriefPage() {
  const t = useText();
  const session = useSession();
  const now = useNow();
  const zone = useZone();
  const until = lastHour(now, zone);
  const since = lastHour(until - 1, zone);
  const answer = useQuery(openAlerts);
  useKeys({ p: () => window.print() });
  const at = (instant: number) => <Time at={new Date(instant).toISOString()} />;
  return (
    <div className="sheet brief">
      <div className="row wrap">
        <h1>{t('page.brief')}</h1>
        <span className="quiet grow">
          {session.organisation.name} · {t('brief.span')} {at(since)} · {t('brief.printed')} {at(now)}
        </span>
        <button className="button no-print" onClick={() => window.print()}>
          {t('brief.print')} <kbd>p</kbd>
        </button>
      </div>
      <Answer of={answer}>
        {({ items, counts }) => (
          <>
            <Section title={t('brief.act')}>
              <Urgent alerts={items} />
            </Section>
            <div className="brief-columns">
              <Section title={t('brief.figures')}>
                <Figures alerts={items} counts={counts} since={since} />
                {counts.all > items.length && <p className="quiet">{t('brief.of_first', { count: items.length })}</p>}
              </Section>
              <Section title={t('brief.unseen')}>
                <BlindSpots />
              </Section>
              <Section title={t('page.cases')}>
                <OpenCases />
              </Section>
            </div>
          </>
        )}
      </Answer>
      <p className="quiet brief-foot">{t('brief.paper')}</p>
    </div>
  );
}
