import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from 'react-router-dom';
import { Answer, Empty } from '../../components/States';
import { Age, Time } from '../../components/Time';
import type { Schemas } from '../../lib/api/client';
import { feedsQuery } from '../../lib/api/lists';
import { silentSince, spanOf, type Interval } from '../../lib/feeds';
import { useText } from '../../lib/i18n/useText';
import { useKeys } from '../../lib/keys';
import { CoverageAxis, CoverageBar } from './CoverageBar';
import { FeedDetail } from './FeedDetail';
import './feeds.css';

type Feed = Schemas['Feed'];

const kPictures = { good: 'M7 2a5 5 0 1 1 0 10A5 5 0 0 1 7 2z', rejects: 'M7 1.4 13 12.4H1z', silent: 'M2 2h10v10H2z' };

export function Health({ feed }: { feed: Feed }) {
  const t = useText();
  const silent = silentSince(feed);
  const state = silent ? 'silent' : feed.rejected > 0 ? 'rejects' : 'good';
  return (
    <span className={`health ${state}`}>
      <svg width="12" height="12" viewBox="0 0 14 14" aria-hidden="true">
        <path d={kPictures[state]} fill="currentColor" />
      </svg>
      {silent ? (
        <>
          {t('feed.silent')} <Time at={silent} />
        </>
      ) : (
        t(`feed.${state}`, { count: feed.rejected })
      )}
    </span>
  );
}

function FeedTable({
  feeds,
  chosen,
  span,
  onChoose,
}: {
  feeds: Feed[];
  chosen: string | undefined;
  span: Interval | null;
  onChoose: (feed: string) => void;
}) {
  const t = useText();
  return (
    <div className="card scroll" tabIndex={0} role="region" aria-label={t('page.feeds')}>
      <table className="feeds">
        <thead>
          <tr>
            <th>{t('feed.name')}</th>
            <th>{t('feed.health')}</th>
            <th className="coverage-head">
              {t('feed.coverage')}
              {span && <CoverageAxis span={span} />}
            </th>
            <th className="number">{t('feed.events')}</th>
            <th className="number">{t('feed.rejected')}</th>
            <th className="number">{t('feed.last_received')}</th>
          </tr>
        </thead>
        <tbody>
          {feeds.map((feed) => (
            <tr
              key={feed.feed}
              className={feed.feed === chosen ? 'linked chosen' : 'linked'}
              onClick={() => onChoose(feed.feed)}
            >
              <td>
                <button className="as-link" onClick={() => onChoose(feed.feed)}>
                  <b>{feed.feed}</b>
                </button>
              </td>
              <td>
                <Health feed={feed} />
              </td>
              <td>
                <CoverageBar feed={feed} span={span} />
              </td>
              <td className="number">{feed.events.toLocaleString()}</td>
              <td className="number">{feed.rejected}</td>
              <td className="number">
                {feed.last_received_at ? <Age at={feed.last_received_at} /> : t('value.unknown')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Troubled feeds first: who looks at this page looks for them. */
const byTrouble = (a: Feed, b: Feed) =>
  Number(silentSince(b) !== null) - Number(silentSince(a) !== null) ||
  b.rejected - a.rejected ||
  a.feed.localeCompare(b.feed);

export default function FeedsPage() {
  const t = useText();
  const navigate = useNavigate();
  const { feed: chosen } = useParams();
  const answer = useQuery(feedsQuery);
  const feeds = [...(answer.data?.items ?? [])].sort(byTrouble);
  const at = feeds.findIndex(({ feed }) => feed === chosen);
  const choose = (feed: string | undefined) =>
    feed && navigate(`/feeds/${encodeURIComponent(feed)}`, { replace: chosen !== undefined });
  useKeys({
    j: () => choose(feeds[Math.min(at + 1, feeds.length - 1)]?.feed),
    k: () => choose(feeds[Math.max(at - 1, 0)]?.feed),
    Escape: () => navigate('/feeds'),
  });
  return (
    <div className="sheet">
      <h1>{t('page.feeds')}</h1>
      <Answer of={answer}>
        {() =>
          feeds.length === 0 ? (
            <Empty title="feed.none" next="feed.none.next" />
          ) : (
            <>
              <FeedTable feeds={feeds} chosen={chosen} span={spanOf(feeds)} onChoose={choose} />
              {feeds[at] && <FeedDetail key={chosen} feed={feeds[at]} />}
            </>
          )
        }
      </Answer>
    </div>
  );
}
