import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { Meaning, Message } from '../../components/ServerWords';
import { Answer, useProblemText } from '../../components/States';
import { Time } from '../../components/Time';
import { tell } from '../../components/Toast';
import { NamedValues } from '../../components/Value';
import { request, type Schemas } from '../../lib/api/client';
import { rejectsQuery } from '../../lib/api/lists';
import { hasRole, useSession } from '../../lib/api/session';
import { bytesOf, dump } from '../../lib/bytes';
import { wordOf } from '../../lib/i18n/text';
import { useText } from '../../lib/i18n/useText';

type Reject = Schemas['RejectPage']['items'][number];

function RejectShown({ reject }: { reject: Reject }) {
  const t = useText();
  const lines = dump(bytesOf(reject.bytes), reject.offset);
  return (
    <li className="reject">
      <div className="row wrap">
        <span className="tag" title={reject.reason}>
          {wordOf(t, 'reject_reason', reject.reason)}
        </span>
        <Message of={reject.message} />
        <span className="fixed quiet small">
          @{reject.offset}+{reject.size}
        </span>
      </div>
      {lines.length === 0 ? (
        <p className="quiet">{t('reject.personal')}</p>
      ) : (
        <pre tabIndex={0} aria-label={t('reject.bytes')}>
          {lines.map(({ offset, hex, text }) => `${offset.padStart(9)}  ${hex.padEnd(47)}  ${text}`).join('\n')}
        </pre>
      )}
      {reject.cut && lines.length > 0 && <p className="quiet small">{t('reject.cut')}</p>}
    </li>
  );
}

/** A file of another feed may have thousands: each is asked for by itself. */
function RejectsOf({ file }: { file: string }) {
  const t = useText();
  return (
    <Answer of={useQuery(rejectsQuery(file))}>
      {({ items, next_cursor }) => (
        <>
          <ul>
            {items.map((item) => (
              <RejectShown key={item.offset} reject={item} />
            ))}
          </ul>
          {next_cursor !== null && <p className="quiet">{t('reject.first', { count: items.length })}</p>}
        </>
      )}
    </Answer>
  );
}

function Rejects({ feed }: { feed: string }) {
  const t = useText();
  const client = useQueryClient();
  const problemText = useProblemText();
  const rejects = useQuery(rejectsQuery());
  const retry = useMutation({
    mutationFn: (files: string[]) => request('post', '/api/feeds/rejects/retry', { body: { files } }),
    onSuccess: (report) => {
      const { events, rejected } = report;
      tell({ text: t('reject.retried', { events: t('count.events', { count: events }), rejected }) });
      void client.invalidateQueries({ queryKey: ['feeds'] });
    },
    onError: (error) => tell({ problem: true, ...problemText(error) }),
  });
  return (
    <Answer of={rejects}>
      {({ files }) => {
        const mine = files.filter((file) => file.feed === feed);
        if (mine.length === 0) return <p className="quiet">{t('reject.none')}</p>;
        return mine.map((file) => (
          <div key={file.file}>
            <div className="row wrap spread">
              <span>
                <b className="fixed">{file.file}</b> <span className="quiet">{t('reject.taken')} </span>
                <Time at={file.taken_at} />
              </span>
              <button className="button" disabled={retry.isPending} onClick={() => retry.mutate([file.file])}>
                {t('reject.retry')}
              </button>
            </div>
            <RejectsOf file={file.file} />
          </div>
        ));
      }}
    </Answer>
  );
}

type Entry = Schemas['Feed']['health'][number];

/** The feed itself is named above. */
const told = ({ fields }: Entry) => fields.filter(({ name }) => name !== 'feed.name');

function History({ feed }: { feed: Schemas['Feed'] }) {
  const t = useText();
  return (
    <section aria-label={t('feed.history')}>
      <h3>{t('feed.history')}</h3>
      {feed.health.length === 0 ? (
        <p className="quiet">{t('feed.healthy')}</p>
      ) : (
        <ul className="health-list">
          {feed.health.map((entry, index) => (
            <li key={index}>
              <Time at={entry.event_time} />
              <div>
                <b title={entry.type}>{wordOf(t, 'event_word', entry.type)}</b>{' '}
                <span className="quiet">
                  <Meaning of={entry.sentence} />
                </span>
                <NamedValues values={told(entry)} />
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Puts what has just opened before the eyes and under the keyboard. */
function useShown() {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const element = heading.current;
    if (!element) return;
    element.focus({ preventScroll: true });
    const { top } = element.getBoundingClientRect();
    if (top < 0 || top > window.innerHeight / 2) element.scrollIntoView({ block: 'start' });
  }, []);
  return heading;
}

export function FeedDetail({ feed }: { feed: Schemas['Feed'] }) {
  const t = useText();
  const session = useSession();
  const heading = useShown();
  return (
    <div className="feed-detail">
      <div className="row wrap">
        <h2 ref={heading} tabIndex={-1}>
          {feed.feed || t('feed.nameless')}
        </h2>
        <span className="quiet">
          {t('count.files', { count: feed.files })}, {t('count.events', { count: feed.events })},{' '}
          {t('feed.counts', { repeated: feed.repeated, unknown: feed.unknown_codes })}
        </span>
      </div>
      {hasRole(session, ['officer']) && (
        <section aria-label={t('reject.title')}>
          <h3>{t('reject.title')}</h3>
          <Rejects feed={feed.feed} />
        </section>
      )}
      <History feed={feed} />
    </div>
  );
}
