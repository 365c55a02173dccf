import type { AlertSummary } from '../../lib/api/alerts';
import { useText } from '../../lib/i18n/useText';
import type { Asked } from './DecisionDialog';
import { kMostMarked } from './useMarked';

type Given = {
  marked: readonly AlertSummary[];
  /** In the list as it is filtered. */
  listed: number;
  onTake: () => void;
  onAsk: (what: Asked) => void;
  onAll: () => void;
  onClear: () => void;
};

/** How many alerts are marked, and what can be decided on all of them. The keys are those of one alert. */
export function Marked({ marked, listed, onTake, onAsk, onAll, onClear }: Given) {
  const t = useText();
  const isAll = marked.length >= Math.min(listed, kMostMarked);
  const dismissed = marked.filter(({ triage }) => triage.state === 'dismissed');
  const actions: [string, Asked | 'take', boolean][] = [
    ['t', 'take', true],
    ['d', 'dismiss', dismissed.length === 0],
    ['r', 'reopen', dismissed.length === marked.length],
    ['a', 'act', true],
    ['c', 'add_to_case', true],
    ['o', 'assign', true],
    ['n', 'note', true],
  ];
  return (
    <div className="lot" role="group" aria-label={t('lot.name')}>
      <b role="status">{t('lot.count', { count: marked.length })}</b>
      {actions
        .filter(([, , isShown]) => isShown)
        .map(([key, what]) => (
          <button key={what} className="button" onClick={() => (what === 'take' ? onTake() : onAsk(what))}>
            {t(`decision.${what}`)} <kbd aria-hidden="true">{key}</kbd>
          </button>
        ))}
      <span className="grow" />
      {!isAll && (
        <button className="button plain" onClick={onAll}>
          {listed > kMostMarked ? t('lot.first', { count: kMostMarked }) : t('lot.all', { count: listed })}
        </button>
      )}
      <button className="button plain" onClick={onClear}>
        {t('lot.clear')} <kbd aria-hidden="true">Esc</kbd>
      </button>
    </div>
  );
}
