import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router-dom';
import { Picture } from '../components/States';
import { useZone } from '../components/Time';
import { feedsQuery } from '../lib/api/lists';
import { hasRole, type Session } from '../lib/api/session';
import { silentSince } from '../lib/feeds';
import { useLanguage, useText } from '../lib/i18n/useText';
import type { LiveState } from '../lib/live';
import { localTime } from '../lib/time';

/** What everybody must know before they trust a quiet screen: a feed is silent, or this page has lost the server. */
export function StaleFeeds({ session, live }: { session: Session; live: LiveState }) {
  const t = useText();
  const zone = useZone();
  const language = useLanguage();
  const { data } = useQuery({ ...feedsQuery, enabled: hasRole(session, ['officer', 'viewer']) });
  const silent = (data?.items ?? []).flatMap((feed) => {
    const since = silentSince(feed);
    return since ? [t('stale.feed', { feed: feed.feed, since: localTime(since, zone, language, 'minute') })] : [];
  });
  if (live.state === 'broken')
    silent.unshift(t('stale.screen', { since: localTime(live.since, zone, language, 'time') }));
  if (silent.length === 0) return null;
  const kShown = 3;
  return (
    <div className="stale" role="status">
      <Picture name="problem" size={16} />
      <span className="grow">
        {silent.slice(0, kShown).join(' · ')}
        {silent.length > kShown && ` · ${t('stale.more', { count: silent.length - kShown })}`}
      </span>
      <Link to="/feeds">{t('stale.look')}</Link>
    </div>
  );
}
