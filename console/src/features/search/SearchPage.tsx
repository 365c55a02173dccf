import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router-dom';
import { timelineLink } from '../../components/links';
import { Answer, Empty } from '../../components/States';
import { Time } from '../../components/Time';
import { searchQuery } from '../../lib/api/lists';
import { useText } from '../../lib/i18n/useText';
import { useRested } from '../../lib/rested';

/** Subjects by what one remembers of them. The palette (Ctrl K) asks the same from anywhere. */
export default function SearchPage() {
  const t = useText();
  const [query, setQuery] = useSearchParams();
  const words = query.get('q') ?? '';
  const asked = useRested(words.trim());
  const answer = useQuery(searchQuery(asked));
  return (
    <div className="sheet">
      <h1>{t('page.search')}</h1>
      <label className="field">
        <span className="hidden">{t('search.words')}</span>
        <input
          className="input search-words"
          type="search"
          autoFocus
          placeholder={t('search.words')}
          value={words}
          onChange={(event) => setQuery(event.target.value ? { q: event.target.value } : {}, { replace: true })}
        />
        <small>{t('search.hint')}</small>
      </label>
      {asked.length < 2 ? (
        <Empty title="search.start" next="search.start.next" />
      ) : (
        <Answer of={answer}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="search.none" next="search.none.next" />
            ) : (
              <div className="card scroll" tabIndex={0} role="region" aria-label={t('page.search')}>
                <table>
                  <thead>
                    <tr>
                      <th>{t('search.subject')}</th>
                      <th>{t('search.kind')}</th>
                      <th className="number">{t('feed.events')}</th>
                      <th className="number">{t('search.last')}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {items.map(({ subject, events, exact, last_event_time }) => (
                      <tr key={`${subject.kind}:${subject.key}`}>
                        <td>
                          <Link to={timelineLink(subject.kind, subject.key)}>
                            <b>{subject.label}</b>
                          </Link>
                        </td>
                        <td>
                          {t(`kind.${subject.kind}`)}{' '}
                          {!exact && <span className="tag open">{t('search.similar')}</span>}
                        </td>
                        <td className="number">{events}</td>
                        <td className="number">{last_event_time && <Time at={last_event_time} />}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )
          }
        </Answer>
      )}
    </div>
  );
}
