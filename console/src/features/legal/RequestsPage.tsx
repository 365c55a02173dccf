import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams, useSearchParams } from 'react-router-dom';
import { Answer, Empty } from '../../components/States';
import { subjectRequestsQuery, type RequestsShown } from '../../lib/api/lists';
import type { Schemas } from '../../lib/api/client';
import { useText } from '../../lib/i18n/useText';
import { useKeys } from '../../lib/keys';
import { OneRequest } from './OneRequest';
import { OpenRequest } from './OpenRequest';
import { RequestTags } from './RequestTags';
import './legal.css';
import './requests.css';

const kShown: readonly RequestsShown[] = ['open', 'telling', 'closed', 'all'];

function Line({ of }: { of: Schemas['SubjectRequest'] }) {
  const t = useText();
  return (
    <li className="card request-line">
      <Link to={`/requests/${of.request_id}`}>
        {t('request.name', { number: of.number })} · {t(`request.kind.${of.kind}`)}
      </Link>
      <span className="fixed small request-known">{of.identifiers.map(({ pseudonym }) => pseudonym).join(', ')}</span>
      <span className="row wrap">
        <RequestTags of={of} />
      </span>
    </li>
  );
}

function RequestList() {
  const t = useText();
  const [query, setQuery] = useSearchParams();
  const show = kShown.find((each) => each === query.get('show')) ?? 'open';
  const [isOpening, setOpening] = useState(false);
  const answer = useInfiniteQuery(subjectRequestsQuery(show));
  useKeys({ n: () => setOpening(true) });
  const overdue = answer.data?.pages[0]?.overdue ?? 0;
  return (
    <div className="sheet requests">
      <div className="row wrap">
        <h1>{t('page.requests')}</h1>
        {kShown.map((each) => (
          <button
            key={each}
            className="chip"
            aria-pressed={each === show}
            onClick={() => setQuery({ show: each }, { replace: true })}
          >
            {t(each === 'all' ? 'request.show.all' : `request.state.${each}`)}
          </button>
        ))}
        <span className="grow" />
        <button className="button primary" onClick={() => setOpening(true)}>
          {t('request.open')} <kbd>n</kbd>
        </button>
      </div>
      <p className="quiet">{t('request.lead')}</p>
      {overdue > 0 && <p className="notice problem">{t('request.overdue.count', { count: overdue })}</p>}
      <Answer of={answer}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <Empty title="request.none" next="request.none.next" />;
          return (
            <ul className="request-list">
              {items.map((each) => (
                <Line key={each.request_id} of={each} />
              ))}
            </ul>
          );
        }}
      </Answer>
      {answer.hasNextPage && (
        <button className="button" disabled={answer.isFetchingNextPage} onClick={() => void answer.fetchNextPage()}>
          {t('request.more')}
        </button>
      )}
      {isOpening && <OpenRequest onClose={() => setOpening(false)} />}
    </div>
  );
}

/** What persons asked of the organisation about themselves: until when, and what each was answered. */
export default function RequestsPage() {
  const { requestId } = useParams();
  return requestId === undefined ? <RequestList /> : <OneRequest key={requestId} requestId={requestId} />;
}
