import type { components, paths } from './schema';

/** The one way to the server. Paths, parameters, bodies and answers are typed by api/openapi.yaml. */
export type Schemas = components['schemas'];

type Method = 'get' | 'put' | 'post' | 'delete' | 'patch';
type Operation<P extends keyof paths, M extends Method> = NonNullable<paths[P][M]>;
type Json<T> = T extends { content: { 'application/json': infer B } } ? B : undefined;
type Answer<O> = O extends { responses: infer R }
  ? { [S in keyof R & (200 | 201 | 202 | 204)]: Json<R[S]> }[keyof R & (200 | 201 | 202 | 204)]
  : never;
type Given<O> = {
  path?: O extends { parameters: { path: infer V } } ? V : never;
  query?: O extends { parameters: { query?: infer V } } ? V : never;
  body?: O extends { requestBody?: { content: { 'application/json': infer B } } } ? B : never;
  signal?: AbortSignal;
};

/** An answer that is a problem object (RFC 9457), or no answer at all (code `unreachable`, status 0). */
export class ProblemError extends Error {
  constructor(readonly problem: Schemas['Problem']) {
    super(`${problem.title}: ${problem.detail}`);
    this.name = 'ProblemError';
  }
}

export const problemOf = (error: unknown): Schemas['Problem'] =>
  error instanceof ProblemError
    ? error.problem
    : {
        type: 'about:blank',
        title: '',
        status: 0,
        code: 'internal',
        detail: error instanceof Error ? error.message : String(error),
      };

let csrfToken = '';
/** Kept in memory only; getSession and signIn hand it out. */
export const setCsrfToken = (token: string) => {
  csrfToken = token;
};

export const csrfHeader = () => ({ 'X-CSRF-Token': csrfToken });

/** Lists are joined by commas, as `explode: false` in the document says; empty values are left out. */
export function queryString(query: Record<string, unknown> | undefined): string {
  const out = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    const text = Array.isArray(value) ? value.join(',') : value === undefined || value === null ? '' : String(value);
    if (text !== '') out.set(name, text);
  }
  const text = out.toString();
  return text ? `?${text}` : '';
}

const fillPath = (path: string, values: Record<string, unknown> | undefined) =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values?.[name] ?? '')));

async function problemFrom(response: Response): Promise<Schemas['Problem']> {
  try {
    const body = (await response.json()) as Schemas['Problem'];
    if (typeof body.code === 'string') return body;
  } catch {
    // Not JSON: a proxy answered, not the server.
  }
  return { type: 'about:blank', title: response.statusText, status: response.status, code: 'internal', detail: '' };
}

let noticeSignedOut = () => {};
/** What is to happen when an answer says that nobody is signed in. */
export const whenSignedOut = (act: () => void) => {
  noticeSignedOut = act;
};

export async function refusalFrom(response: Response): Promise<ProblemError> {
  const problem = await problemFrom(response);
  if (problem.code === 'not_signed_in') noticeSignedOut();
  return new ProblemError(problem);
}

export async function request<P extends keyof paths & string, M extends Method>(
  method: M,
  path: P,
  given: Given<Operation<P, M>> = {},
): Promise<Answer<Operation<P, M>>> {
  const headers: Record<string, string> = { Accept: 'application/json, application/problem+json' };
  if (given.body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'get') Object.assign(headers, csrfHeader());
  let response: Response;
  try {
    response = await fetch(
      fillPath(path, given.path as Record<string, unknown>) + queryString(given.query as Record<string, unknown>),
      {
        method: method.toUpperCase(),
        headers,
        credentials: 'same-origin',
        body: given.body === undefined ? null : JSON.stringify(given.body),
        signal: given.signal ?? null,
      },
    );
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ProblemError({ type: 'about:blank', title: '', status: 0, code: 'unreachable', detail: '' });
  }
  if (!response.ok) throw await refusalFrom(response);
  return (response.status === 204 ? undefined : await response.json()) as Answer<Operation<P, M>>;
}
