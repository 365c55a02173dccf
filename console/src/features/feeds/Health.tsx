import type { ReactNode } from 'react';
import { Time, useAgeInDays } from '../../components/Time';
import type { Schemas } from '../../lib/api/client';
import { silentSince, statesOf, type FeedState } from '../../lib/feeds';
import { useText } from '../../lib/i18n/useText';
import { useNow } from '../../lib/now';

type Feed = Schemas['Feed'];

const kPictures: Record<FeedState, string> = {
  good: 'M7 2a5 5 0 1 1 0 10A5 5 0 0 1 7 2z',
  rejects: 'M7 1.4 13 12.4H1z',
  silent: 'M2 2h10v10H2z',
  not_known: 'M7 2a5 5 0 1 1 0 10A5 5 0 0 1 7 2zM7 4a3 3 0 1 0 0 6A3 3 0 0 0 7 4z',
};

function State({ state, children }: { state: FeedState; children: ReactNode }) {
  return (
    <span className={`health ${state}`}>
      <svg width="12" height="12" viewBox="0 0 14 14" aria-hidden="true">
        <path d={kPictures[state]} fill="currentColor" />
      </svg>
      <span>{children}</span>
    </span>
  );
}

function NotKnown({ feed: { last_received_at: last } }: { feed: Feed }) {
  const t = useText();
  const ageOf = useAgeInDays();
  return (
    <>
      {t('feed.not_known')}
      <small>{last ? t('feed.last_record', { age: ageOf(last) }) : t('feed.no_record')}</small>
    </>
  );
}

/** All that is known of how a feed does, in a line each. */
export function Health({ feed }: { feed: Feed }) {
  const t = useText();
  const now = useNow();
  const silent = silentSince(feed);
  const words: Record<FeedState, ReactNode> = {
    good: t('feed.good'),
    rejects: t('feed.rejects', { count: feed.rejected }),
    silent: silent && (
      <>
        {t('feed.silent')} <Time at={silent} />
      </>
    ),
    not_known: <NotKnown feed={feed} />,
  };
  return (
    <>
      {statesOf(feed, now).map((state) => (
        <State key={state} state={state}>
          {words[state]}
        </State>
      ))}
    </>
  );
}
