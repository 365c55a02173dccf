import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { Refused } from '../../components/Reason';
import { ReasonDialog } from '../../components/ReasonDialog';
import { Answer } from '../../components/States';
import { Time } from '../../components/Time';
import { tell } from '../../components/Toast';
import { request, type Schemas } from '../../lib/api/client';
import { subjectRequestQuery } from '../../lib/api/lists';
import { useLanguage, useText } from '../../lib/i18n/useText';
import { save } from '../../lib/save';
import { AnswerRequest } from './AnswerRequest';
import { Day } from './Day';
import { kWordsLeast } from './OpenRequest';
import { Receivers } from './Receivers';
import { RequestTags } from './RequestTags';
import { Section } from './Section';

type Request = Schemas['SubjectRequest'];
type Done = Schemas['RequestDone'];
const kLanguages = ['en', 'es'] as const;

function Said({ what, done, children }: { what: string; done: Done | null; children?: ReactNode }) {
  if (done === null) return null;
  return (
    <li>
      <Time at={done.at} />
      <div>
        <b>{what}</b> <span className="quiet">{done.by.name || done.by.login}</span>
        {done.words && <p>{done.words}</p>}
        {children}
      </div>
    </li>
  );
}

function About({ of }: { of: Request }) {
  const t = useText();
  return (
    <section className="card request-about">
      <dl>
        <dt>{t('request.known_by')}</dt>
        <dd>
          {of.identifiers.map(({ class: known, pseudonym }) => (
            <span key={pseudonym} className="request-pseudonym">
              {t(`request.of.${known}`)} <span className="fixed">{pseudonym}</span>
            </span>
          ))}
        </dd>
        <dt>{t('request.received')}</dt>
        <dd>
          <Day on={of.received_on} />
        </dd>
        <dt>{t('request.due')}</dt>
        <dd>
          <Day on={of.due_on} />
        </dd>
        <dt>{t('request.check')}</dt>
        <dd>{of.identity_check}</dd>
        {of.words && <dt>{t(of.kind === 'objection' ? 'request.words.objection' : 'request.words.correction')}</dt>}
        {of.words && <dd>{of.words}</dd>}
        {of.right && <dt>{t('request.right')}</dt>}
        {of.right && <dd>{of.right}</dd>}
      </dl>
      <ul className="request-steps">
        <Said what={t('request.step.open')} done={of.opened} />
        <Said what={t('request.step.extend')} done={of.extended} />
        {of.files.map(({ sha256, ...done }, index) => (
          <Said key={index} what={t('request.step.read')} done={done}>
            <p className="fixed small quiet">{sha256}</p>
          </Said>
        ))}
        <Said what={t('request.step.answer')} done={of.answered}>
          <p className="quiet">
            {t('request.given')}: {of.answered?.given}
          </p>
        </Said>
      </ul>
    </section>
  );
}

/** The file as the person gets it, on the screen until one leaves the page. */
function SubjectFile({ of, file }: { of: Request; file: Schemas['LegalDocument'] }) {
  const t = useText();
  // Compact and in its order it is what the server sent, and its SHA-256 that of the record.
  const bytes = () => new Blob([JSON.stringify(file)], { type: 'application/json' });
  return (
    <article className="legal request-file" lang={file.language} aria-label={file.title}>
      <div className="row wrap">
        <h2 className="grow">{file.title}</h2>
        <button className="button no-print" onClick={() => save(`request-${of.number}.json`, bytes())}>
          {t('legal.file')}
        </button>
        <button className="button no-print" onClick={() => window.print()}>
          {t('brief.print')}
        </button>
      </div>
      <p className="quiet legal-lead">{file.lead}</p>
      {file.missing > 0 && <p className="notice no-print">{t('legal.open', { count: file.missing })}</p>}
      {file.sections.map((section) => (
        <Section key={section.title} section={section} />
      ))}
    </article>
  );
}

function MakeFile({ of, onMade }: { of: Request; onMade: (file: Schemas['LegalDocument']) => void }) {
  const t = useText();
  const client = useQueryClient();
  const [language, setLanguage] = useState<(typeof kLanguages)[number]>(useLanguage());
  const make = useMutation({
    mutationFn: () =>
      request('post', '/api/subject-requests/{requestId}/files', {
        path: { requestId: of.request_id },
        body: { language },
      }),
    onSuccess: (file) => {
      onMade(file);
      void client.invalidateQueries({ queryKey: ['requests'] });
    },
  });
  return (
    <section className="request-make no-print">
      <div className="row wrap">
        <select
          className="input"
          aria-label={t('preference.language')}
          value={language}
          onChange={(event) => setLanguage(event.target.value as typeof language)}
        >
          {kLanguages.map((each) => (
            <option key={each} value={each}>
              {t(`request.language.${each}`)}
            </option>
          ))}
        </select>
        <button className="button" disabled={make.isPending} onClick={() => make.mutate()}>
          {t('request.file.make')}
        </button>
        <span className="quiet">{t('request.file.lead')}</span>
      </div>
      <Refused error={make.error} />
    </section>
  );
}

function Shown({ of }: { of: Request }) {
  const t = useText();
  const client = useQueryClient();
  const [asked, setAsked] = useState<'answer' | 'extend'>();
  const [file, setFile] = useState<Schemas['LegalDocument']>();
  const send = async (body: Schemas['SubjectRequestStep']) => {
    await request('post', '/api/subject-requests/{requestId}/steps', { path: { requestId: of.request_id }, body });
    void client.invalidateQueries({ queryKey: ['requests'] });
    tell({ text: t(`request.done.${body.action}`) });
    setAsked(undefined);
  };
  const isRefused = of.answered?.decision === 'refused';
  return (
    <>
      <div className="row wrap no-print">
        <Link className="button plain" to="/requests">
          ← {t('page.requests')}
        </Link>
        <h1>
          {t('request.name', { number: of.number })} · {t(`request.kind.${of.kind}`)}
        </h1>
        <RequestTags of={of} />
        <span className="grow" />
        {of.answered === null && of.extended === null && !of.overdue && (
          <button className="button" onClick={() => setAsked('extend')}>
            {t('request.extend')}
          </button>
        )}
        {of.answered === null && (
          <button className="button primary" onClick={() => setAsked('answer')}>
            {t('request.answer')}
          </button>
        )}
      </div>
      <div className="requests-part no-print">
        <About of={of} />
        {of.receivers.length > 0 && <Receivers of={of} onSend={send} />}
      </div>
      {!isRefused && <MakeFile of={of} onMade={setFile} />}
      {file && <SubjectFile of={of} file={file} />}
      {asked === 'answer' && <AnswerRequest of={of} onSend={send} onClose={() => setAsked(undefined)} />}
      {asked === 'extend' && (
        <ReasonDialog
          title={t('request.extend')}
          lead={t('request.extend.lead')}
          hint={t('request.words.hint')}
          least={kWordsLeast}
          onSend={(words) => send({ action: 'extend', words })}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  );
}

/** One request with its clock, what is held on the person, the answer, and who must be told. */
export function OneRequest({ requestId }: { requestId: string }) {
  const answer = useQuery(subjectRequestQuery(requestId));
  return (
    <div className="sheet requests">
      <Answer of={answer}>{(of) => <Shown of={of} />}</Answer>
    </div>
  );
}
