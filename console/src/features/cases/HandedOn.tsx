import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router-dom';
import { Time } from '../../components/Time';
import { handedOnQuery } from '../../lib/api/lists';
import { useText } from '../../lib/i18n/useText';

/** What became of cases that were given away, for those who had them; nothing where there is none. */
export function HandedOn() {
  const t = useText();
  const { data } = useQuery(handedOnQuery);
  if (!data || data.items.length === 0) return null;
  return (
    <section className="card handed-on">
      <header>
        <h2>{t('handed_on.title')}</h2>
      </header>
      <ul className="steps">
        {data.items.map((item) => (
          <li key={item.case_id}>
            <Time at={item.closed_at ?? item.at} />
            <div>
              <b>{item.may_open ? <Link to={`/cases/${item.case_id}`}>{item.title}</Link> : item.title}</b>{' '}
              <span className="quiet">→ {item.to.name}</span>{' '}
              {item.closed_at ? (
                <>
                  {t('handed_on.ended')}{' '}
                  {item.outcome_group && <span className="tag">{t(`outcome_group.${item.outcome_group}`)}</span>}
                </>
              ) : (
                <span className="quiet">{t('handed_on.goes_on')}</span>
              )}
              {item.feedback && <p>{item.feedback}</p>}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
