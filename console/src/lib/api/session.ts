import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect } from 'react';
import { useNavigate } from 'react-router-dom';
import { comeBack, forgetDrafts, leave } from '../drafts';
import { problemOf, request, setCsrfToken, type Schemas } from './client';

export type Session = Schemas['Session'];
export type Role = Schemas['Role'];

const keep = (session: Session) => {
  setCsrfToken(session.csrf_token);
  return session;
};

const kKey = ['session'];

/** Null: nobody is signed in, which is an answer and no failure. */
export const sessionQuery = queryOptions({
  queryKey: kKey,
  queryFn: async ({ client }): Promise<Session | null> => {
    try {
      return keep(await request('get', '/api/session'));
    } catch (error) {
      if (problemOf(error).status !== 401) throw error;
      const before = client.getQueryData<Session | null>(kKey);
      if (before) leave(before.user);
      return null;
    }
  },
  staleTime: Infinity,
});

export const ownSessionsQuery = queryOptions({
  queryKey: ['own_sessions'],
  queryFn: () => request('get', '/api/sessions'),
});
export const endSessions = (body: Schemas['SessionsEnding']) => request('post', '/api/sessions/ending', { body });

/**
 * What the pages are shown for. Given by the one who decides whether they are shown at all: a page that asked by
 * itself would be drawn once more without a session when one is signed out, before it is taken away.
 */
export const SessionShown = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionShown);
  if (!session) throw new Error('a page that needs a session was shown without one');
  return session;
}

export const hasRole = (session: Session, roles: readonly Role[]) =>
  roles.some((role) => session.roles?.includes(role));

/** What one user read is not there for the next at the same screen, however the session ended. */
export function useForgetting(session: Session | null | undefined) {
  const client = useQueryClient();
  useEffect(() => {
    if (session === null) client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
  }, [client, session]);
}

export function useSessionChange() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const put = (session: Session) => client.setQueryData(sessionQuery.queryKey, keep(session));
  return {
    signIn: async (body: Schemas['SignIn']) => {
      const session = await request('post', '/api/session', { body });
      // An address may name what the one before looked at.
      if (!comeBack(session.user)) navigate('/');
      put(session);
    },
    changePassword: async (body: Schemas['PasswordChange']) =>
      put(await request('put', '/api/session/password', { body })),
    startTotp: (body: Schemas['TotpStart']) => request('post', '/api/session/totp', { body }),
    confirmTotp: async (code: string) => put(await request('put', '/api/session/totp', { body: { code } })),
    signOut: async () => {
      await request('delete', '/api/session').catch((error: unknown) => {
        if (problemOf(error).status !== 401) throw error;
      });
      forgetDrafts();
      // The next at this screen may not see the page of the one before.
      navigate('/');
      client.setQueryData(sessionQuery.queryKey, null);
    },
  };
}
