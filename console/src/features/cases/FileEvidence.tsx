import { Meaning } from '../../components/ServerWords';
import { NamedValues } from '../../components/Value';
import type { Alert } from '../../lib/api/alerts';
import type { Schemas } from '../../lib/api/client';
import { useText } from '../../lib/i18n/useText';
import { duration, millis } from '../../lib/time';
import { FileAttachments } from './FileAttachments';
import { At, EachAlert, Part, Rows } from './FileParts';

type Entry = Schemas['Evidence'];

/** A later clock with how much later it is: a record that came late could not be acted on before. */
function Later({ at, after }: { at: string; after: string }) {
  const delay = millis(at) - millis(after);
  return (
    <>
      <At at={at} /> {delay >= 1000 && <span className="quiet">+{duration(delay)}</span>}
    </>
  );
}

function Happened({ entry }: { entry: Entry }) {
  return (
    <>
      <At at={entry.event_time!} />{' '}
      {!!entry.time_error_s && <span className="quiet">±{duration(entry.time_error_s * 1000)}</span>}
    </>
  );
}

function Place({ entry }: { entry: Entry }) {
  const t = useText();
  if (!entry.file) return t('file.no_file');
  return (
    <>
      <span className="fixed">{entry.file}</span>{' '}
      {t('file.bytes', { offset: String(entry.offset), size: String(entry.size) })}
    </>
  );
}

function RecordRows({ entry }: { entry: Entry }) {
  const { event_time, reported_at, received_at, fields } = entry;
  return (
    <Rows
      of={[
        ['clock.event_time', event_time && <Happened entry={entry} />],
        ['clock.reported_at', reported_at && event_time && <Later at={reported_at} after={event_time} />],
        ['clock.received_at', received_at && event_time && <Later at={received_at} after={event_time} />],
        ['file.source', [entry.feed, entry.owner, entry.facility].filter(Boolean).join(' · ')],
        ['file.place', <Place entry={entry} />],
        ['file.event_id', <span className="fixed">{entry.event_id}</span>],
        ['file.carries', entry.facts.length > 0 && <span className="fixed">{entry.facts.join(', ')}</span>],
        ['file.record', fields && fields.length > 0 && <NamedValues values={fields} shape="full" />],
      ]}
    />
  );
}

function SearchRows({ entry }: { entry: Entry }) {
  const t = useText();
  const result = entry.unanswered ? t(`evidence.unanswered.${entry.unanswered}`) : t('file.answered');
  return (
    <Rows
      of={[
        ['file.from', entry.from && <At at={entry.from} />],
        ['file.until', entry.until && <At at={entry.until} />],
        ['file.result', entry.found === 0 ? t('file.found_nothing') : result],
        ['file.answered_by', entry.feeds?.map((by) => `${by.feed} ${by.facility}`).join(', ')],
        ['file.source', entry.facility],
        ['file.carries', entry.facts.length > 0 && <span className="fixed">{entry.facts.join(', ')}</span>],
      ]}
    />
  );
}

function OneEntry({ entry, label }: { entry: Entry; label: string }) {
  const t = useText();
  const isRecord = entry.event_id !== undefined;
  const searched = t(entry.required ? 'evidence.required' : 'evidence.searched');
  return (
    <li className="file-entry">
      <p>
        <b className="fixed">{label}</b> {!isRecord && searched}{' '}
        <b className="fixed">{entry.type ?? entry.required ?? entry.searched}</b>{' '}
        <span className="quiet">
          <Meaning of={entry.sentence ?? ''} />
        </span>
      </p>
      {isRecord ? <RecordRows entry={entry} /> : <SearchRows entry={entry} />}
    </li>
  );
}

/** Each record with its bytes and clocks, each search with its answer; then what people put to the case. */
export function Evidence({ alerts, attachments }: { alerts: Alert[]; attachments: Schemas['CaseAttachment'][] }) {
  const t = useText();
  return (
    <Part name="file.evidence" lead="file.evidence.lead">
      <EachAlert alerts={alerts}>
        {(alert, label) => (
          <>
            <ol>
              {alert.evidence.map((entry, index) => (
                <OneEntry key={index} entry={entry} label={`${label}.${index + 1}`} />
              ))}
            </ol>
            {alert.evidence_omitted > 0 && <p>{t('evidence.omitted', { count: alert.evidence_omitted })}</p>}
          </>
        )}
      </EachAlert>
      <FileAttachments of={attachments} />
    </Part>
  );
}
