import type { AlertSummary } from '../../lib/api/alerts';
import { useText } from '../../lib/i18n/useText';
import { Time } from '../../components/Time';
import { changeSince, type Change, type Looked } from './looked';

const kChanges: Change[] = ['raised', 'revised', 'withdrawn'];

/** What changed since this user last looked. */
export function Since({
  alerts,
  looked,
  onMark,
}: {
  alerts: readonly AlertSummary[];
  looked: Looked;
  onMark: () => void;
}) {
  const t = useText();
  const changes = alerts.map((alert) => changeSince(alert, looked));
  const parts = kChanges
    .map((change) => ({ change, count: changes.filter((each) => each === change).length }))
    .filter(({ count }) => count > 0);
  return (
    <div className="since" role="status">
      <span className="grow clip">
        {t(looked.until ? 'since.looked' : 'since.never')}
        {looked.until && (
          <>
            {' '}
            <Time at={looked.until} />
          </>
        )}
        {': '}
        {parts.length === 0
          ? t('since.nothing')
          : parts.map(({ change, count }, index) => (
              <span key={change}>
                {index > 0 && ', '}
                <b>{t(`since.${change}`, { count })}</b>
              </span>
            ))}
      </span>
      {parts.length > 0 && (
        <button className="button plain" onClick={onMark}>
          {t('watch.mark')} <kbd>m</kbd>
        </button>
      )}
    </div>
  );
}
