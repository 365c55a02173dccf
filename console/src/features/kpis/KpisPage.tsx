import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router-dom';
import { Answer, Empty } from '../../components/States';
import { Time } from '../../components/Time';
import { kpisQuery } from '../../lib/api/lists';
import { hasRole, useSession } from '../../lib/api/session';
import { wordOf } from '../../lib/i18n/text';
import { useText } from '../../lib/i18n/useText';
import { useKeys } from '../../lib/keys';
import { useNow } from '../../lib/now';
import { Controls } from './Controls';
import { csvOf, download } from './csv';
import { PeriodContext } from './Figure';
import { isEmpty, type Kpis } from './figures';
import { Outcomes } from './Outcomes';
import { choiceOf, daysOf, periodOf } from './period';
import { SecondLook } from './SecondLook';
import { ByFacility, ByLevel, ByRule, Divided, Times } from './Tables';
import './kpis.css';

function Sheet({ k }: { k: Kpis }) {
  const t = useText();
  if (k.alerts.total === null) return <Empty title="kpi.too_few" next="kpi.too_few.next" />;
  if (isEmpty(k)) return <Empty title="kpi.none" next="kpi.none.next" />;
  return (
    <div className="kpi-grid">
      <Outcomes k={k} />
      <div className="kpi-column">
        <Times k={k} />
        <Divided title="kpi.cases_opened" counts={k.cases_opened} word={(part) => wordOf(t, 'kpi.case', part)} />
        <Divided title="kpi.cases_closed" counts={k.cases_closed} word={(part) => wordOf(t, 'outcome', part)} />
        {k.cases_cleared.total !== 0 && (
          <Divided title="kpi.cases_cleared" counts={k.cases_cleared} word={(part) => wordOf(t, 'kpi.told', part)} />
        )}
        <Divided title="kpi.holds" counts={k.holds} word={(part) => wordOf(t, 'kpi.hold', part)} />
      </div>
      <ByRule k={k} />
      <ByLevel k={k} />
      <ByFacility k={k} />
      {k.sample && <SecondLook sample={k.sample} />}
    </div>
  );
}

/** What came of the alerts of a period: for whoever is asked, and in a form that can be handed on. */
export default function KpisPage() {
  const t = useText();
  const session = useSession();
  const now = useNow();
  const [query, setQuery] = useSearchParams();
  const follows = hasRole(session, ['officer', 'viewer']);
  const handsOn = !follows || query.get('form') === 'hand_on';
  const choice = choiceOf(query, now, handsOn);
  const facility = handsOn ? '' : (query.get('facility') ?? '');
  const period = { ...periodOf(choice, query, now), ...(facility ? { facility } : {}) };
  const answer = useQuery(kpisQuery({ ...period, small_cells: handsOn ? 'hidden' : 'shown' }));
  // For the names of all facilities alone.
  const all = useQuery({
    ...kpisQuery({ small_cells: 'shown' }),
    enabled: follows && !handsOn,
    refetchInterval: false,
    staleTime: Infinity,
  });
  const facilities = all.data?.by_facility.rows.map(({ key }) => key).filter(Boolean) ?? [];
  useKeys({ p: () => window.print() });
  const change = (to: Record<string, string>) =>
    setQuery(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(to)) value ? next.set(name, value) : next.delete(name);
        return next;
      },
      { replace: true },
    );
  return (
    <div className="sheet kpis">
      <div className="row wrap">
        <h1>{t('kpi.title')}</h1>
        <span className="quiet grow kpi-about">
          {session.organisation.name}
          {` · ${choice === 'all' ? t('kpi.period.all') : daysOf(period)}`}
          {facility && ` · ${facility}`}
          {answer.data && (
            <>
              {' · '}
              {t('kpi.as_of')} <Time at={answer.data.as_of} />
            </>
          )}
        </span>
        <button
          className="button no-print"
          disabled={!answer.data}
          onClick={() => answer.data && download(`quaywatch-figures-${choice}.csv`, csvOf(answer.data, period))}
        >
          {t('kpi.csv')}
        </button>
        <button className="button no-print" onClick={() => window.print()}>
          {t('brief.print')} <kbd>p</kbd>
        </button>
      </div>
      <Controls
        query={query}
        choice={choice}
        facilities={facilities}
        handsOn={handsOn}
        onlyHandsOn={!follows}
        now={now}
        onChange={change}
      />
      <p className="quiet kpi-note">
        {handsOn ? t('kpi.note.hand_on', { cell: answer.data?.small_cell ?? 5 }) : t('kpi.note.exact')}
      </p>
      <PeriodContext.Provider value={handsOn ? null : period}>
        <Answer of={answer}>{(k) => <Sheet k={k} />}</Answer>
      </PeriodContext.Provider>
    </div>
  );
}
