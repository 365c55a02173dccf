import { Link } from 'react-router-dom';
import { RuleWords } from '../../components/ServerWords';
import { Time } from '../../components/Time';
import type { Schemas } from '../../lib/api/client';
import { wordOf } from '../../lib/i18n/text';
import { useText } from '../../lib/i18n/useText';

/** Dismissals that somebody else looks at again: drawn by the server, answered with a note or a reopening. */
export function SecondLook({ sample }: { sample: Schemas['KpiSample'] }) {
  const t = useText();
  const done = sample.drawn.filter(({ review }) => review !== 'waiting').length;
  return (
    <section className="card scroll kpi-wide" tabIndex={0} aria-label={t('kpi.second_look')}>
      <header>
        <h2>{t('kpi.second_look')}</h2>
        <span className="quiet">{t('kpi.second_look.done', { done, drawn: sample.drawn.length })}</span>
      </header>
      <p className="pad quiet">{t('kpi.second_look.lead', { count: sample.dismissed })}</p>
      {sample.drawn.length > 0 && (
        <table>
          <thead>
            <tr>
              <th>{t('kpi.dismissed_at')}</th>
              <th>{t('kpi.alert')}</th>
              <th>{t('kpi.dismissed_for')}</th>
              <th>{t('kpi.review')}</th>
            </tr>
          </thead>
          <tbody>
            {sample.drawn.map(({ alert_id, title, reason_code, dismissed_at, review, own }) => (
              <tr key={alert_id}>
                <td>
                  <Time at={dismissed_at} />
                </td>
                <th scope="row">
                  <Link to={`/watch?state=all&outcome=dismissed&alert=${alert_id}`}>
                    <RuleWords of={title} />
                  </Link>
                </th>
                <td>{wordOf(t, 'reason', reason_code)}</td>
                <td>
                  <span className={review === 'waiting' ? 'tag open' : 'tag'}>{t(`kpi.review.${review}`)}</span>{' '}
                  {own && review === 'waiting' && <span className="quiet small">{t('kpi.review.own')}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
