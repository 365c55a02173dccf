import type { ReactNode } from 'react';
import { problemOf } from '../lib/api/client';
import { knownWord, type Key } from '../lib/i18n/text';
import { useLanguage, useText } from '../lib/i18n/useText';
import { Message } from './ServerWords';

const kPictures = {
  empty: 'M3 7l9-4 9 4v10l-9 4-9-4zM3 7l9 4 9-4M12 11v10',
  problem: 'M12 3 22 20H2zM12 9v5M12 16.6v.6',
  denied: 'M5 11h14v9H5zM8 11V8a4 4 0 0 1 8 0v3',
};

export function Picture({ name, size = 34 }: { name: keyof typeof kPictures; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      aria-hidden="true"
    >
      <path d={kPictures[name]} strokeLinejoin="round" strokeLinecap="round" />
    </svg>
  );
}

export function Loading() {
  const t = useText();
  return (
    <div className="bones" role="status">
      <span className="hidden">{t('state.loading')}</span>
      {[92, 78, 85, 60, 71].map((width) => (
        <span key={width} className="bone" style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}

/** Nothing there, and what to do next. */
export function Empty({ title, next, children }: { title: Key; next: Key; children?: ReactNode }) {
  const t = useText();
  return (
    <div className="state">
      <Picture name="empty" />
      <h2>{t(title)}</h2>
      <p>{t(next)}</p>
      {children}
    </div>
  );
}

/** What went wrong, by the stable code of the server. Its own sentence stands behind ours. */
export function useProblemText() {
  const t = useText();
  const language = useLanguage();
  return (error: unknown) => {
    const { code, title: theirs, detail: said } = problemOf(error);
    const title = knownWord(t, 'problem', code) ?? (theirs || t('problem.internal'));
    const next = knownWord(t, 'problem', `${code}.next`) ?? t('problem.next');
    const lead = said && language === 'en' ? '' : next;
    return { code, title, lead, said, text: lead ? `${title}. ${lead}` : `${title}.` };
  };
}

/** The same in one line. */
export function ProblemWords({ error }: { error: unknown }) {
  const { text, said } = useProblemText()(error);
  return (
    <>
      {text} {said && <Message of={said} />}
    </>
  );
}

/** Where else one can go from something that is not there. */
type Way = { text: Key; go: () => void };

/** What went wrong or is denied, and the way on. */
export function Failure({ error, retry, way }: { error: unknown; retry?: () => void; way?: Way | undefined }) {
  const t = useText();
  const { code, title, lead, said } = useProblemText()(error);
  return (
    <div className="state problem" role="alert">
      <Picture name={code === 'forbidden' ? 'denied' : 'problem'} />
      <h2>{title}</h2>
      {lead && <p>{lead}</p>}
      {said && (
        <p>
          <Message of={said} />
        </p>
      )}
      <div className="row wrap">
        {retry && code !== 'forbidden' && (
          <button className="button" onClick={retry}>
            {t('action.retry')}
          </button>
        )}
        {way && (
          <button className="button" onClick={way.go}>
            {t(way.text)}
          </button>
        )}
      </div>
    </div>
  );
}

type Answered<T> = { data: T | undefined; error: unknown; isPending: boolean; refetch: () => unknown };

/** The states that every answer of the server has, in one place. Old data stay on screen while a refresh fails. */
export function Answer<T>({ of, way, children }: { of: Answered<T>; way?: Way; children: (data: T) => ReactNode }) {
  if (of.data !== undefined) return <>{children(of.data)}</>;
  if (of.error) return <Failure error={of.error} retry={() => of.refetch()} way={way} />;
  return <Loading />;
}
