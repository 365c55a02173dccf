import { csrfHeader, ProblemError, refusalFrom, type Schemas } from './client';

/** Content that is no JSON: what is put to a case and what is saved of it. */
const path = (caseId: string, attachmentId = '') =>
  `/api/cases/${encodeURIComponent(caseId)}/attachments${attachmentId && `/${encodeURIComponent(attachmentId)}`}`;

const unreachable = () =>
  new ProblemError({ type: 'about:blank', title: '', status: 0, code: 'unreachable', detail: '' });

export type Sending = { file: File; description: string; onSent: (share: number) => void; signal: AbortSignal };

/** By the older of the two ways that browsers have: the newer one does not say how much was sent. */
export function addFile(caseId: string, { file, description, onSent, signal }: Sending): Promise<Schemas['Case']> {
  return new Promise((done, failed) => {
    const sending = new XMLHttpRequest();
    sending.open('POST', path(caseId));
    const headers = {
      ...csrfHeader(),
      'Content-Type': 'application/octet-stream',
      'X-File-Name': encodeURIComponent(file.name),
      ...(description && { 'X-File-Description': encodeURIComponent(description) }),
    };
    for (const [name, value] of Object.entries(headers)) sending.setRequestHeader(name, value);
    sending.upload.onprogress = ({ loaded, total }) => onSent(loaded / total);
    sending.onload = async () => {
      const answer = new Response(sending.responseText, { status: sending.status, statusText: sending.statusText });
      if (answer.ok) done((await answer.json()) as Schemas['Case']);
      else failed(await refusalFrom(answer));
    };
    sending.onerror = () => failed(unreachable());
    sending.onabort = () => failed(unreachable());
    signal.addEventListener('abort', () => sending.abort());
    sending.send(file);
  });
}

export async function readFile(caseId: string, attachmentId: string): Promise<Blob> {
  let answer: Response;
  try {
    answer = await fetch(path(caseId, attachmentId), { credentials: 'same-origin' });
    if (answer.ok) return await answer.blob();
  } catch {
    throw unreachable();
  }
  throw await refusalFrom(answer);
}
