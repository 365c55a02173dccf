import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router-dom';
import { Answer } from '../../components/States';
import { useZone } from '../../components/Time';
import { caseFileQuery, type CaseFile as File } from '../../lib/api/caseFile';
import type { Schemas } from '../../lib/api/client';
import { useSession } from '../../lib/api/session';
import { useLanguage, useText } from '../../lib/i18n/useText';
import { useKeys } from '../../lib/keys';
import { useNow } from '../../lib/now';
import { localTime } from '../../lib/time';
import { toldOf } from './custody';
import { Custody } from './FileCustody';
import { Alleged } from './FileAlleged';
import { Evidence } from './FileEvidence';
import { Unknown } from './FileUnknown';
import { At, Part, Rows, who } from './FileParts';
import { usePrintMargins } from './printMargins';
import '../../styles/alert.css';
import './casefile.css';

function Header({ file }: { file: File }) {
  const t = useText();
  const session = useSession();
  const { summary, shared_with, steps } = file.one;
  const closing = summary.state === 'closed' ? steps.filter(({ action }) => action === 'close').at(-1) : undefined;
  return (
    <Rows
      of={[
        ['file.case', <span className="fixed">{summary.case_id}</span>],
        ['filter.state', t(`case_is.${summary.state}`)],
        ['hand_over.holder', summary.holder.name],
        ['case.owner', summary.owner ? who(summary.owner) : t('case.nobody')],
        ['case.opened', <At at={summary.opened_at} />],
        ['file.closed', closing && <At at={closing.at} />],
        ['case.outcome', summary.outcome && t(`outcome.${summary.outcome}`)],
        ['decision.reason', closing?.text],
        ['told_so', closing && toldOf(t, closing)],
        ['feedback.said', closing?.feedback],
        ['file.merged_into', summary.merged_into && <span className="fixed">{summary.merged_into}</span>],
        ['file.let_in', shared_with.map(who).join('; ')],
        ['file.as_of', <At at={file.read_at} />],
        ['file.read_by', `${who(session.user)}, ${session.organisation.name}`],
      ]}
    />
  );
}

function TasksAndNotes({ one }: { one: Schemas['Case'] }) {
  const t = useText();
  const notes = one.steps.filter(({ action }) => action === 'note');
  return (
    <Part name="file.tasks_notes">
      {one.tasks.length === 0 && <p>{t('case.tasks.none')}</p>}
      <ul className="file-list">
        {one.tasks.map((task) => (
          <li key={task.task_id}>
            <b>{t(task.done ? 'file.task_done' : 'file.task_open')}</b> {task.withheld ? t('case.withheld') : task.text}
            <small>
              <At at={task.at} /> {task.assignee && ` · ${who(task.assignee)}`}
            </small>
          </li>
        ))}
        {notes.map((note, index) => (
          <li key={index}>
            <b>{t('step.note')}</b> {note.withheld ? t('case.withheld') : note.text}
            <small>
              <At at={note.at} /> · {who(note.by)}
            </small>
          </li>
        ))}
      </ul>
    </Part>
  );
}

/** Of the tools that every Unix has. */
const kCut = 'tail -c +$((OFFSET + 1)) FILE | head -c SIZE';
const kHash = 'sha256sum FILE';

function Verify({ file }: { file: File }) {
  const t = useText();
  const first = file.alerts[0]?.summary.alert_id;
  return (
    <Part name="file.verify">
      <p>{t('file.verify.alert')}</p>
      {first && <pre>{`quaywatch explain ${first}`}</pre>}
      <p>{t('file.verify.record')}</p>
      <p>{t('file.verify.bytes')}</p>
      <pre>{kCut}</pre>
      {file.one.attachments.length > 0 && (
        <>
          <p>{t('file.verify.file')}</p>
          <pre>{kHash}</pre>
        </>
      )}
      <p>{t('file.verify.journal')}</p>
    </Part>
  );
}

function Shown({ file }: { file: File }) {
  const t = useText();
  const session = useSession();
  const language = useLanguage();
  const zone = useZone();
  const now = localTime(useNow(), zone, language, 'full');
  const { summary } = file.one;
  usePrintMargins({
    head: t('file.head', { id: summary.case_id }),
    mark: t('file.mark'),
    foot: t('file.foot', { at: now, who: who(session.user), organisation: session.organisation.name }),
  });
  return (
    <article className="file-sheet">
      <header>
        <p className="quiet">{t('file.title')}</p>
        <h1>{summary.title}</h1>
      </header>
      <Header file={file} />
      <p className="notice">{t('file.walls')}</p>
      <Alleged alerts={file.alerts} />
      <Evidence alerts={file.alerts} attachments={file.one.attachments} />
      <Custody file={file} />
      <TasksAndNotes one={file.one} />
      <Unknown alerts={file.alerts} />
      <Verify file={file} />
    </article>
  );
}

/** One document that can be taken away: what is alleged, on which records, who did what with it, what is not known. */
export function CaseFile({ caseId }: { caseId: string }) {
  const t = useText();
  const answer = useQuery(caseFileQuery(caseId));
  useKeys({ p: () => answer.data && window.print() });
  return (
    <div className="sheet case-file">
      <div className="row wrap no-print">
        <Link to={`/cases/${caseId}`}>← {t('file.back')}</Link>
        <span className="quiet grow">{t('file.on_record')}</span>
        <button className="button primary" disabled={!answer.data} onClick={() => window.print()}>
          {t('case.print')} <kbd aria-hidden="true">p</kbd>
        </button>
      </div>
      <Answer of={answer}>{(file) => <Shown file={file} />}</Answer>
    </div>
  );
}
