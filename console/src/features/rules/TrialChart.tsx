import { useText } from '../../lib/i18n/useText';
import type { Day } from './trial';

const kHeight = 100;

/** Alerts per day before and now, side by side. What it shows stands in the table behind it. */
export function TrialChart({ days }: { days: Day[] }) {
  const t = useText();
  const most = Math.max(1, ...days.flatMap(({ before, now }) => [before, now]));
  const bar = (count: number) => ({ y: kHeight - (kHeight * count) / most, height: (kHeight * count) / most });
  const [first, last] = [days[0], days[days.length - 1]];
  return (
    <figure className="trial-chart">
      <figcaption className="row wrap small">
        <span className="trial-key before" aria-hidden="true" /> {t('rule_set.figure.before')}
        <span className="trial-key now" aria-hidden="true" /> {t('rule_set.figure.now')}
        <span className="quiet">{t('trial.most', { count: most })}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${days.length * 10} ${kHeight}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('trial.chart')}
      >
        {days.map(({ day, before, now }, at) => (
          <g key={day}>
            <title>{t('trial.day', { day, before, now })}</title>
            <rect className="ground" x={at * 10} y={0} width={10} height={kHeight} />
            <rect className="before" x={at * 10 + 1} width={4} {...bar(before)} />
            <rect className="now" x={at * 10 + 5} width={4} {...bar(now)} />
          </g>
        ))}
      </svg>
      <div className="trial-axis small quiet" aria-hidden="true">
        <span>{first?.day}</span>
        {first !== last && <span>{last?.day}</span>}
      </div>
      <details>
        <summary>{t('trial.table')}</summary>
        <div className="scroll trial-days" tabIndex={0} role="region" aria-label={t('trial.chart')}>
          <table>
            <thead>
              <tr>
                <th>{t('trial.day.head')}</th>
                <th className="number">{t('rule_set.figure.before')}</th>
                <th className="number">{t('rule_set.figure.now')}</th>
              </tr>
            </thead>
            <tbody>
              {days.map(({ day, before, now }) => (
                <tr key={day}>
                  <td className="fixed">{day}</td>
                  <td className="number">{before}</td>
                  <td className="number">{now}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
