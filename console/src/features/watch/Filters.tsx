import { LevelShape } from '../../components/Level';
import type { AlertFilter } from '../../lib/api/alerts';
import type { Schemas } from '../../lib/api/client';
import { useText } from '../../lib/i18n/useText';
import { kLevels } from '../../lib/queue';
import { Counted } from './Counted';
import { isCounted, isNarrowed, kStates, kUncounted, toggled } from './filter';

type Given = {
  filter: AlertFilter;
  counts: Schemas['AlertCounts'] | undefined;
  me: Schemas['Person'];
  onlyChanged: boolean;
  onFilter: (filter: AlertFilter) => void;
  onOnlyChanged: (on: boolean) => void;
};

export function Filters({ filter, counts, onlyChanged, onFilter, onOnlyChanged }: Given) {
  const t = useText();
  const empty: AlertFilter = { ...filter, level: [], status: [], owner: '', rule_id: '', q: '', ...kUncounted };
  return (
    <div className="filters no-print" role="search">
      <input
        className="input"
        type="search"
        aria-label={t('filter.words')}
        placeholder={t('filter.words')}
        value={filter.q}
        onChange={(event) => onFilter({ ...filter, q: event.target.value })}
        onKeyDown={(event) => (event.key === 'Enter' || event.key === 'Escape') && event.currentTarget.blur()}
      />
      <div className="group" role="group" aria-label={t('filter.state')}>
        {kStates.map((state) => (
          <button
            key={state}
            className="chip"
            aria-pressed={filter.state.includes(state)}
            onClick={() => onFilter({ ...filter, state: toggled(filter.state, state, kStates) })}
          >
            {t(`triage.${state}`)}
            <span className="count">{counts?.by_state[state] ?? 0}</span>
          </button>
        ))}
      </div>
      <div className="group" role="group" aria-label={t('filter.level')}>
        {kLevels.map((level) => (
          <button
            key={level}
            className="chip"
            aria-pressed={filter.level.includes(level)}
            onClick={() => onFilter({ ...filter, level: toggled(filter.level, level, kLevels) })}
          >
            <span className={`level ${level}`}>
              <LevelShape level={level} size={11} />
            </span>
            {t(`level.${level}`)}
            <span className="count">{counts?.by_level[level] ?? 0}</span>
          </button>
        ))}
      </div>
      <div className="group">
        <button
          className="chip"
          aria-pressed={filter.owner === 'me'}
          onClick={() => onFilter({ ...filter, owner: filter.owner === 'me' ? '' : 'me' })}
        >
          {t('filter.mine')}
        </button>
        <button className="chip" aria-pressed={onlyChanged} onClick={() => onOnlyChanged(!onlyChanged)}>
          {t('filter.changed')}
        </button>
        {isCounted(filter) && <Counted filter={filter} onClear={() => onFilter({ ...filter, ...kUncounted })} />}
        {isNarrowed(filter) && (
          <button className="chip" onClick={() => onFilter(empty)}>
            {t('filter.clear')}
          </button>
        )}
      </div>
    </div>
  );
}
