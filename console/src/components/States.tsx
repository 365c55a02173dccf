import type { ReactNode } from 'react';
import { problemOf } from '../lib/api/client';
import type { Key } from '../lib/i18n/text';
import { useText } from '../lib/i18n/useText';

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

const kKnown: Record<string, Key> = {
  unreachable: 'problem.unreachable',
  forbidden: 'problem.forbidden',
  not_yours: 'problem.not_yours',
  not_found: 'problem.not_found',
  no_second_person: 'problem.no_second_person',
  not_ready: 'problem.not_ready',
  too_many_requests: 'problem.too_many_requests',
  journal_full: 'problem.journal_full',
  too_large: 'problem.too_large',
  damaged: 'problem.damaged',
  internal: 'problem.internal',
};

/** A problem's title in the language of the user where we know its code, else as the server wrote it. */
export function useProblemText() {
  const t = useText();
  return (error: unknown) => {
    const { code, title, detail } = problemOf(error);
    const known = kKnown[code];
    return {
      code,
      title: known ? t(known) : title || t('problem.internal'),
      detail: detail || t(code === 'unreachable' ? 'problem.unreachable.next' : 'problem.next'),
    };
  };
}

/** What went wrong or is denied, and the way on. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const t = useText();
  const { code, title, detail } = useProblemText()(error);
  return (
    <div className="state problem" role="alert">
      <Picture name={code === 'forbidden' ? 'denied' : 'problem'} />
      <h2>{title}</h2>
      <p>{detail}</p>
      {retry && code !== 'forbidden' && (
        <button className="button" onClick={retry}>
          {t('action.retry')}
        </button>
      )}
    </div>
  );
}

type Answered<T> = { data: T | undefined; error: unknown; isPending: boolean; refetch: () => unknown };

/** The states that every answer of the server has, in one place. Old data stay on screen while a refresh fails. */
export function Answer<T>({ of, children }: { of: Answered<T>; children: (data: T) => ReactNode }) {
  if (of.data !== undefined) return <>{children(of.data)}</>;
  if (of.error) return <Failure error={of.error} retry={() => of.refetch()} />;
  return <Loading />;
}
