import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router-dom';
import { RuleWords } from '../../components/ServerWords';
import { Answer, Empty } from '../../components/States';
import { Time } from '../../components/Time';
import type { Schemas } from '../../lib/api/client';
import { auditQuery } from '../../lib/api/lists';
import { useSession } from '../../lib/api/session';
import { wordOf } from '../../lib/i18n/text';
import { useText } from '../../lib/i18n/useText';
import { useRested } from '../../lib/rested';
import { detailWords, subjectLink } from './audit';

/** In the place of a user: whoever worked with the program on the machine of the site. */
const kOnTheMachine = 'u-0000000000000000';

function Subject({ of }: { of: string }) {
  const link = subjectLink(useSession(), of);
  return link ? <Link to={link}>{of}</Link> : <>{of}</>;
}

function Detail({ of: { operation, detail } }: { of: Schemas['AuditEntry'] }) {
  const t = useText();
  if (!detail) return null;
  const words = detailWords(t, operation, detail);
  if (words !== undefined) return <span title={detail}>{words}</span>;
  return operation === 'getAlert' ? <RuleWords of={detail} /> : <span>{detail}</span>;
}

/** Who looked at what and decided what, newest first. */
export default function AuditPage() {
  const t = useText();
  const [query, setQuery] = useSearchParams();
  const [userId, subject] = [query.get('user') ?? '', query.get('subject') ?? ''];
  const asked = useRested(subject.trim());
  const answer = useInfiniteQuery(auditQuery({ user_id: userId, subject: asked }));
  const put = (change: Record<string, string>) =>
    setQuery(
      Object.fromEntries(Object.entries({ user: userId, subject, ...change }).filter(([, value]) => value !== '')),
      { replace: true },
    );
  return (
    <div className="sheet">
      <div className="row wrap">
        <h1>{t('page.audit')}</h1>
        <input
          className="input audit-filter"
          type="search"
          aria-label={t('audit.subject')}
          placeholder={t('audit.subject')}
          value={subject}
          onChange={(event) => put({ subject: event.target.value })}
        />
        {userId && (
          <button className="chip" aria-pressed="true" onClick={() => put({ user: '' })}>
            {t('filter.clear')}
          </button>
        )}
      </div>
      <Answer of={answer}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <Empty title="audit.none" next="audit.none.next" />;
          return (
            <div className="card scroll" tabIndex={0} role="region" aria-label={t('page.audit')}>
              <table>
                <thead>
                  <tr>
                    <th>{t('audit.when')}</th>
                    <th>{t('audit.who')}</th>
                    <th>{t('audit.what')}</th>
                    <th>{t('search.subject')}</th>
                    <th>{t('audit.detail')}</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((entry, index) => (
                    <tr key={index}>
                      <td>
                        <Time at={entry.at} shape="second" />
                      </td>
                      <td>
                        <button className="as-link" onClick={() => put({ user: entry.by.id })}>
                          {entry.by.id === kOnTheMachine
                            ? t('audit.on_the_machine')
                            : entry.by.name || entry.by.login}
                        </button>
                      </td>
                      <td>{wordOf(t, 'operation', entry.operation)}</td>
                      <td className="fixed">
                        <Subject of={entry.subject} />
                      </td>
                      <td>
                        <Detail of={entry} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          );
        }}
      </Answer>
      {answer.hasNextPage && (
        <button className="button" disabled={answer.isFetchingNextPage} onClick={() => void answer.fetchNextPage()}>
          {t('audit.more')}
        </button>
      )}
    </div>
  );
}
