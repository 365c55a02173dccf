import { useQuery } from '@tanstack/react-query';
import { Suspense, useEffect } from 'react';
import { Navigate, Route, Routes } from 'react-router-dom';
import { Guard } from '../components/Guard';
import { Empty, Failure, Loading } from '../components/States';
import { ProblemError } from '../lib/api/client';
import { hasRole, sessionQuery, SessionShown, useForgetting, type Session } from '../lib/api/session';
import { useLanguage, useText } from '../lib/i18n/useText';
import { NewPassword } from '../features/signin/NewPassword';
import { SecondFactor } from '../features/signin/SecondFactor';
import { SignIn } from '../features/signin/SignIn';
import { pages, type Page } from './pages';
import { Shell } from './Shell';

const denied = new ProblemError({ type: 'about:blank', title: '', status: 403, code: 'forbidden', detail: '' });

function Shown({ page, session }: { page: Page; session: Session }) {
  const t = useText();
  if (!hasRole(session, page.roles)) {
    return (
      <>
        <h1 className="hidden">{t(page.name)}</h1>
        <Failure error={denied} />
      </>
    );
  }
  return (
    <Guard key={page.path}>
      <Suspense fallback={<Loading />}>
        <page.show />
      </Suspense>
    </Guard>
  );
}

/** What stands before the pages for who may not go on yet, or the pages. */
function Gate({ session }: { session: Session }) {
  if (session.must_change_password) return <NewPassword />;
  if (session.must_enrol_totp) return <SecondFactor />;
  const first = pages.find((page) => hasRole(session, page.roles));
  return (
    <Shell session={session}>
      <Routes>
        {pages.map((page) => (
          <Route key={page.path} path={page.path} element={<Shown page={page} session={session} />} />
        ))}
        {first && <Route path="/" element={<Navigate to={first.link} replace />} />}
        <Route path="*" element={<Empty title="state.no_page" next="state.no_page.next" />} />
      </Routes>
    </Shell>
  );
}

export function App() {
  const language = useLanguage();
  const { data: session, error, refetch } = useQuery(sessionQuery);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  useForgetting(session);

  if (session === undefined) return error ? <Failure error={error} retry={() => void refetch()} /> : <Loading />;
  if (session === null) return <SignIn />;
  return (
    <SessionShown value={session}>
      <Gate session={session} />
    </SessionShown>
  );
}
