import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Link, useLocation, useNavigate } from 'react-router-dom';
import { Answer, useProblemText } from '../../components/States';
import { Time } from '../../components/Time';
import { tell } from '../../components/Toast';
import { request, type Schemas } from '../../lib/api/client';
import { caseQuery, colleaguesQuery } from '../../lib/api/lists';
import { hasRole, useSession } from '../../lib/api/session';
import { useDraft } from '../../lib/drafts';
import { useText } from '../../lib/i18n/useText';
import { useKeys } from '../../lib/keys';
import { Attachments } from './Attachments';
import { CaseAlerts } from './CaseAlerts';
import { CaseChanges, Readers } from './CaseChanges';
import { CaseSubjects } from './CaseSubjects';
import { CloseCase } from './CloseCase';
import { giversOf, toldOf } from './custody';
import { HandOver } from './HandOver';
import { Merges } from './Merges';
import '../../styles/alert.css';

type Case = Schemas['Case'];
type Step = Schemas['NewCaseStep'];

function useStep(caseId: string) {
  const client = useQueryClient();
  const problemText = useProblemText();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (body: Step) => request('post', '/api/cases/{caseId}/steps', { path: { caseId }, body }),
    onSuccess: (answer, { other }) => {
      if (other) void client.invalidateQueries({ queryKey: caseQuery(other).queryKey });
      void client.invalidateQueries({ queryKey: ['cases'] });
      void client.invalidateQueries({ queryKey: ['kpis'] });
      if (answer) return void client.setQueryData(caseQuery(caseId).queryKey, answer);
      // Refused: it is not for this reader any more, neither here nor in what the page kept of it.
      navigate('/cases');
      client.removeQueries({ queryKey: ['case', caseId] });
    },
    onError: (error) => tell({ problem: true, ...problemText(error) }),
  });
}

/** One line of text that becomes a step: a note or a task. */
function AddLine({
  name,
  send,
  busy,
  onSend,
}: {
  name: string;
  send: string;
  busy: boolean;
  onSend: (text: string) => void;
}) {
  const [text, setText] = useDraft(`${useLocation().pathname} ${name}`);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === '') return;
    onSend(text.trim());
    setText('');
  };
  return (
    <form className="row pad no-print" onSubmit={onSubmit}>
      <input
        className="input"
        aria-label={name}
        placeholder={name}
        maxLength={4000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button className="button" disabled={busy || text.trim() === ''}>
        {send}
      </button>
    </form>
  );
}

function Tasks({
  tasks,
  writes,
  busy,
  onStep,
}: {
  tasks: Case['tasks'];
  writes: boolean;
  busy: boolean;
  onStep: (step: Step) => void;
}) {
  const t = useText();
  return (
    <section className="card">
      <header>
        <h2>{t('case.tasks')}</h2>
      </header>
      {tasks.length === 0 && <p className="pad quiet">{t('case.tasks.none')}</p>}
      <ul className="tasks">
        {tasks.map((task) => (
          <li key={task.task_id}>
            <label className={task.done ? 'done' : ''}>
              <input
                type="checkbox"
                checked={task.done}
                disabled={!writes || task.done || busy}
                onChange={() => onStep({ action: 'finish_task', task_id: task.task_id })}
              />
              {task.withheld ? <span className="quiet">{t('case.withheld')}</span> : task.text}
            </label>
            {task.assignee && <span className="quiet small">{task.assignee.name}</span>}
          </li>
        ))}
      </ul>
      {writes && (
        <AddLine
          name={t('case.task.new')}
          send={t('case.task.add')}
          busy={busy}
          onSend={(text) => onStep({ action: 'add_task', text })}
        />
      )}
    </section>
  );
}

function Steps({
  steps,
  attachments,
  writes,
  busy,
  onStep,
}: {
  steps: Case['steps'];
  attachments: Case['attachments'];
  writes: boolean;
  busy: boolean;
  onStep: (step: Step) => void;
}) {
  const t = useText();
  const nameOf = (id: string) => attachments.find(({ attachment_id }) => attachment_id === id)?.name;
  return (
    <section className="card">
      <header>
        <h2>{t('case.steps')}</h2>
      </header>
      <ul className="steps">
        {steps.map((step, index) => (
          <li key={index}>
            <Time at={step.at} />
            <div>
              <b>{t(`step.${step.action}`)}</b> <span className="quiet">
                {step.by.name || step.by.login}
                {step.to && ` → ${step.to.name}`}
              </span>{' '}
              {step.outcome && <span className="tag">{t(`outcome.${step.outcome}`)}</span>}
              {step.other && <Link to={`/cases/${step.other}`}>{t('case.other')}</Link>}
              {step.attachment_id && <p>{nameOf(step.attachment_id)}</p>}
              {step.text && <p>{step.text}</p>}
              {toldOf(t, step) && <p>{toldOf(t, step)}</p>}
              {step.feedback && (
                <p>
                  <span className="quiet">{t('feedback.said')}</span> {step.feedback}
                </p>
              )}
              {step.withheld && <p className="quiet">{t('case.withheld')}</p>}
            </div>
          </li>
        ))}
      </ul>
      {writes && (
        <AddLine
          name={t('case.note.new')}
          send={t('decision.note')}
          busy={busy}
          onSend={(text) => onStep({ action: 'note', text })}
        />
      )}
    </section>
  );
}

function Owner({ one, writes, onStep }: { one: Case; writes: boolean; onStep: (step: Step) => void }) {
  const t = useText();
  const colleagues = useQuery(colleaguesQuery);
  const { owner } = one.summary;
  if (!writes) return <>{owner?.name ?? t('case.nobody')}</>;
  const people = colleagues.data?.items ?? (owner ? [owner] : []);
  return (
    <select
      className="input owner"
      aria-label={t('case.owner')}
      value={owner?.id ?? ''}
      onChange={(event) => onStep({ action: 'assign', assignee: event.target.value })}
    >
      {!owner && <option value="">{t('case.nobody')}</option>}
      {people.map(({ id, name, login }) => (
        <option key={id} value={id}>
          {name || login}
        </option>
      ))}
    </select>
  );
}

function Shown({ one }: { one: Case }) {
  const t = useText();
  const session = useSession();
  const { summary } = one;
  const step = useStep(summary.case_id);
  const navigate = useNavigate();
  const filePath = `/cases/${summary.case_id}/file`;
  useKeys({ p: () => navigate(filePath) });
  const [closes, setCloses] = useState(false);
  const isOpen = summary.state === 'open';
  const officer = hasRole(session, ['officer']);
  const holds = officer && summary.holder.id === session.organisation.id;
  const writes = holds && isOpen;
  const parts = { writes, busy: step.isPending, onStep: step.mutate };
  const whole = { one, writes, busy: step.isPending, onStep: step.mutateAsync };
  return (
    <>
      <div>
        <h1>{summary.title}</h1>
        <div className="row wrap case-head">
          <span className="tag">{t(`case_is.${summary.state}`)}</span>
          {summary.outcome && <span className="tag">{t(`outcome.${summary.outcome}`)}</span>}
          <span className="quiet">{t('case.opened')}</span> <Time at={summary.opened_at} />
          <span className="quiet">{t('case.owner')}</span> <Owner one={one} writes={writes} onStep={step.mutate} />
          <Readers {...whole} />
          {summary.merged_into && <Link to={`/cases/${summary.merged_into}`}>{t('case.merged_into')}</Link>}
          <span className="grow" />
          <CaseChanges {...whole} writes={holds} />
          <Link className="button no-print" to={filePath}>
            {t('file.title')} <kbd aria-hidden="true">p</kbd>
          </Link>
          {writes && (
            <button className="button primary no-print" onClick={() => setCloses(true)}>
              {t('case.close')}
            </button>
          )}
        </div>
      </div>
      <CaseAlerts {...whole} />
      <CaseSubjects one={one} />
      <Attachments one={one} writes={writes} />
      <Merges one={one} busy={step.isPending} onStep={step.mutateAsync} />
      <HandOver one={one} busy={step.isPending} onStep={step.mutateAsync} />
      <div className="case-columns">
        <Tasks tasks={one.tasks} {...parts} />
        <Steps steps={one.steps} attachments={one.attachments} {...parts} />
      </div>
      {closes && (
        <CloseCase
          openTasks={summary.open_tasks}
          onClose={() => setCloses(false)}
          givers={giversOf(one)}
          onSend={async (closing) => {
            await step.mutateAsync(closing);
            setCloses(false);
          }}
        />
      )}
    </>
  );
}

export function OneCase({ caseId }: { caseId: string }) {
  const t = useText();
  const answer = useQuery(caseQuery(caseId));
  return (
    <div className="sheet">
      <p className="no-print">
        <Link to="/cases">← {t('page.cases')}</Link>
      </p>
      <Answer of={answer}>{(one) => <Shown one={one} />}</Answer>
    </div>
  );
}
