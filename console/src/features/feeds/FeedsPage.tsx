import { useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import { useNavigate, useParams } from 'react-router-dom';
import { Answer, Empty } from '../../components/States';
import { Age } from '../../components/Time';
import type { Schemas } from '../../lib/api/client';
import { feedsQuery } from '../../lib/api/lists';
import { spanOf, statesOf, type FeedState, type Interval } from '../../lib/feeds';
import { useLanguage, useText } from '../../lib/i18n/useText';
import { useKeys } from '../../lib/keys';
import { useNow } from '../../lib/now';
import { CoverageAxis, CoverageBar } from './CoverageBar';
import { FeedDetail } from './FeedDetail';
import { Health } from './Health';
import './feeds.css';

type Feed = Schemas['Feed'];

function Heads({ span }: { span: Interval | null }) {
  const t = useText();
  return (
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
  );
}

type RowGiven = { feed: Feed; isOpen: boolean; span: Interval | null; onPress: () => void };

function FeedRow({ feed, isOpen, span, onPress }: RowGiven) {
  const t = useText();
  const language = useLanguage();
  return (
    <tr className={isOpen ? 'linked chosen' : 'linked'} onClick={onPress}>
      <td>
        <button
          className="as-link"
          aria-expanded={isOpen}
          onClick={(event) => {
            event.stopPropagation();
            onPress();
          }}
        >
          <b>{feed.feed || t('feed.nameless')}</b>
        </button>
      </td>
      <td>
        <Health feed={feed} />
      </td>
      <td>
        <CoverageBar feed={feed} span={span} />
      </td>
      <td className="number">{feed.events.toLocaleString(language)}</td>
      <td className="number">{feed.rejected.toLocaleString(language)}</td>
      <td className="number">{feed.last_received_at ? <Age at={feed.last_received_at} /> : t('value.unknown')}</td>
    </tr>
  );
}

/** What is told of a feed stands under its row: at the end of the table nobody would see it open. */
function FeedTable(given: { feeds: Feed[]; chosen: string | undefined; onPress: (feed: string) => void }) {
  const t = useText();
  const span = spanOf(given.feeds);
  return (
    <div className="card scroll" tabIndex={0} role="region" aria-label={t('page.feeds')}>
      <table className="feeds">
        <Heads span={span} />
        <tbody>
          {given.feeds.map((feed) => {
            const isOpen = feed.feed === given.chosen;
            return (
              <Fragment key={feed.feed}>
                <FeedRow feed={feed} isOpen={isOpen} span={span} onPress={() => given.onPress(feed.feed)} />
                {isOpen && (
                  <tr>
                    <td colSpan={6} className="feed-open">
                      <FeedDetail feed={feed} />
                    </td>
                  </tr>
                )}
              </Fragment>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** Troubled feeds first, then those of which little is known: who looks at this page looks for them. */
const byTrouble = (now: number) => (a: Feed, b: Feed) => {
  const has = (feed: Feed, state: FeedState) => Number(statesOf(feed, now).includes(state));
  return (
    has(b, 'silent') - has(a, 'silent') ||
    b.rejected - a.rejected ||
    has(b, 'not_known') - has(a, 'not_known') ||
    a.feed.localeCompare(b.feed)
  );
};

/** In an address, of files that belong to no feed: those that no mapping names. */
const kNameless = '~';
const pathOf = (feed: string) => `/feeds/${encodeURIComponent(feed || kNameless)}`;

/** The row that was open keeps the keyboard. */
const focusRow = () => document.querySelector<HTMLElement>('tr.chosen button')?.focus();

export default function FeedsPage() {
  const t = useText();
  const navigate = useNavigate();
  const now = useNow();
  const { feed: named } = useParams();
  const chosen = named === kNameless ? '' : named;
  const answer = useQuery(feedsQuery);
  const feeds = [...(answer.data?.items ?? [])].sort(byTrouble(now));
  const at = feeds.findIndex(({ feed }) => feed === chosen);
  const choose = (feed: string | undefined) =>
    feed !== undefined && navigate(pathOf(feed), { replace: chosen !== undefined });
  const close = () => {
    focusRow();
    navigate('/feeds', { replace: true });
  };
  useKeys({
    j: () => choose(feeds[Math.min(at + 1, feeds.length - 1)]?.feed),
    k: () => choose(feeds[Math.max(at - 1, 0)]?.feed),
    Escape: () => chosen !== undefined && close(),
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
              {chosen !== undefined && at < 0 && (
                <p className="notice" role="status">
                  {t('feed.unknown', { feed: chosen })}
                </p>
              )}
              <FeedTable
                feeds={feeds}
                chosen={chosen}
                onPress={(feed) => (feed === chosen ? close() : choose(feed))}
              />
            </>
          )
        }
      </Answer>
    </div>
  );
}
