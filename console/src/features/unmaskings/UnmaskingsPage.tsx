import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router-dom';
import { Answer, Empty } from '../../components/States';
import { unmaskingsQuery, type UnmaskingsShown } from '../../lib/api/lists';
import { useText } from '../../lib/i18n/useText';
import { OneUnmasking } from './OneUnmasking';
import './unmaskings.css';

const kShown: readonly UnmaskingsShown[] = ['to_decide', 'mine', 'all'];

/** Who asked whom a pseudonym stands for, why, who let him, and who read it: to answer, to read, to look over. */
export default function UnmaskingsPage() {
  const t = useText();
  const [query, setQuery] = useSearchParams();
  const show = kShown.find((each) => each === query.get('show')) ?? 'to_decide';
  const answer = useInfiniteQuery(unmaskingsQuery(show));
  const waiting = answer.data?.pages[0]?.to_decide ?? 0;
  return (
    <div className="sheet unmaskings">
      <div className="row wrap">
        <h1>{t('page.unmaskings')}</h1>
        {kShown.map((each) => (
          <button
            key={each}
            className="chip no-print"
            aria-pressed={each === show}
            onClick={() => setQuery({ show: each }, { replace: true })}
          >
            {t(`unmask.show.${each}`)}
            {each === 'to_decide' && waiting > 0 && <span className="count">{waiting}</span>}
          </button>
        ))}
      </div>
      <p className="quiet">{t('unmask.page.lead')}</p>
      <Answer of={answer}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <Empty title={`unmask.none.${show}`} next="unmask.none.next" />;
          return items.map((each) => <OneUnmasking key={each.unmasking_id} of={each} />);
        }}
      </Answer>
      {answer.hasNextPage && (
        <button className="button" disabled={answer.isFetchingNextPage} onClick={() => void answer.fetchNextPage()}>
          {t('unmask.more')}
        </button>
      )}
    </div>
  );
}
