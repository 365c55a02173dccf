import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router-dom';
import { Answer } from '../../components/States';
import { Time, useAgeInDays } from '../../components/Time';
import type { Schemas } from '../../lib/api/client';
import { feedsQuery } from '../../lib/api/lists';
import { lastReceived, silentSince, statesOf } from '../../lib/feeds';
import { useText } from '../../lib/i18n/useText';
import { useNow } from '../../lib/now';
import { kListed } from './sheet';

type Feed = Schemas['Feed'];

function Troubled({ feed }: { feed: Feed }) {
  const t = useText();
  const silent = silentSince(feed);
  return (
    <li>
      <b>{feed.feed}</b>{' '}
      {silent && (
        <>
          {t('feed.silent')} <Time at={silent} />
        </>
      )}
      {silent && feed.rejected > 0 && ' · '}
      {feed.rejected > 0 && t('feed.rejects', { count: feed.rejected })}
    </li>
  );
}

/** Feeds of which nothing shows when they would be late: told together, since a site may have many. */
function NotKnown({ feeds }: { feeds: Feed[] }) {
  const t = useText();
  const ageOf = useAgeInDays();
  const last = lastReceived(feeds);
  if (feeds.length === 0) return null;
  const age = last ? ageOf(last) : t('value.unknown');
  return <li>{t('brief.not_known', { count: feeds.length, age })}</li>;
}

export function BlindSpots() {
  const t = useText();
  const now = useNow();
  const answer = useQuery(feedsQuery);
  return (
    <Answer of={answer}>
      {({ items }) => {
        const stated = items.map((feed) => ({ feed, states: statesOf(feed, now) }));
        const among = (...wanted: string[]) =>
          stated.filter(({ states }) => states.some((state) => wanted.includes(state))).map(({ feed }) => feed);
        const [troubled, notKnown] = [among('silent', 'rejects'), among('not_known')];
        if (troubled.length + notKnown.length === 0)
          return <p className="quiet">{t('brief.all_speak', { count: items.length })}</p>;
        return (
          <ul className="brief-list">
            {troubled.slice(0, kListed).map((feed) => (
              <Troubled key={feed.feed} feed={feed} />
            ))}
            {troubled.length > kListed && (
              <li>
                <Link to="/feeds">{t('stale.more', { count: troubled.length - kListed })}</Link>
              </li>
            )}
            <NotKnown feeds={notKnown} />
          </ul>
        );
      }}
    </Answer>
  );
}
