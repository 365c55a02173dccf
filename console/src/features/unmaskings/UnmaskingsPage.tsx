import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router-dom';
import { Answer, Empty } from '../../components/States';
import { unmaskingsQuery, type UnmaskingsShown } from '../../lib/api/lists';
import { useText } from '../../lib/i18n/useText';
import { useKeys } from '../../lib/keys';
import { OneUnmasking } from './OneUnmasking';
import './unmaskings.css';

const kShown: readonly UnmaskingsShown[] = ['to_decide', 'mine', 'all'];

/** A calendar month of UTC, as the key figures have it; none: of any time. */
function periodOf(month: string): { from?: string; until?: string } {
  const from = Date.parse(`${month}-01T00:00:00Z`);
  if (!/^\d{4}-\d\d$/.test(month) || Number.isNaN(from)) return {};
  const first = new Date(from);
  const next = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1);
  return { from: first.toISOString(), until: new Date(next).toISOString() };
}

/** Who asked whom a pseudonym stands for, why, who let him, and who read it: to answer, to read, to look over. */
export default function UnmaskingsPage() {
  const t = useText();
  const [query, setQuery] = useSearchParams();
  const show = kShown.find((each) => each === query.get('show')) ?? 'to_decide';
  const month = query.get('month') ?? '';
  const answer = useInfiniteQuery(unmaskingsQuery({ show, ...periodOf(month) }));
  useKeys({ p: () => window.print() });
  const put = (change: Record<string, string>) =>
    setQuery(Object.fromEntries(Object.entries({ show, month, ...change }).filter(([, value]) => value !== '')), {
      replace: true,
    });
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
            onClick={() => put({ show: each })}
          >
            {t(`unmask.show.${each}`)}
            {each === 'to_decide' && waiting > 0 && <span className="count">{waiting}</span>}
          </button>
        ))}
        <label className="row">
          <span className="quiet">{t('unmask.month')}</span>
          <input
            className="input"
            type="month"
            value={month}
            onChange={(event) => put({ month: event.target.value })}
          />
        </label>
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
