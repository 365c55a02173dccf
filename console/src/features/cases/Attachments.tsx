import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ReasonDialog } from '../../components/ReasonDialog';
import { useProblemText } from '../../components/States';
import { Time } from '../../components/Time';
import { tell } from '../../components/Toast';
import { sizeText } from '../../lib/bytes';
import { request, type Schemas } from '../../lib/api/client';
import { readFile } from '../../lib/api/files';
import { caseQuery } from '../../lib/api/lists';
import { useLanguage, useText } from '../../lib/i18n/useText';
import { save } from '../../lib/save';
import { AddFile } from './AddFile';

type Case = Schemas['Case'];
type Attachment = Schemas['CaseAttachment'];

function Facts({ of }: { of: Attachment }) {
  const language = useLanguage();
  const kind = of.media_type === 'application/octet-stream' ? undefined : of.media_type;
  const facts = [of.bytes !== undefined && sizeText(of.bytes, language), kind, of.by.name || of.by.login];
  return (
    <p className="quiet small">
      {facts.filter(Boolean).join(' · ')} · <Time at={of.at} />
    </p>
  );
}

function Removal({ of: { at, by, reason } }: { of: NonNullable<Attachment['removed']> }) {
  const t = useText();
  return (
    <p className="small">
      <span className="tag">{t('case.files.removed')}</span> {by.name || by.login} · <Time at={at} />
      {reason && ` · ${reason}`}
    </p>
  );
}

function Row({ caseId, of, onRemove }: { caseId: string; of: Attachment; onRemove: (() => void) | undefined }) {
  const t = useText();
  const problemText = useProblemText();
  const [busy, setBusy] = useState(false);
  const name = of.name ?? '';
  const saveIt = async () => {
    setBusy(true);
    try {
      save(name, await readFile(caseId, of.attachment_id));
    } catch (failure) {
      tell({ problem: true, ...problemText(failure) });
    }
    setBusy(false);
  };
  return (
    <li>
      <div className="grow">
        {of.withheld ? <p className="quiet">{t('case.withheld')}</p> : <b className={of.removed ? 'gone' : ''}>{name}</b>}
        {of.description && <p>{of.description}</p>}
        <Facts of={of} />
        {of.sha256 && (
          <p className="quiet small hash">
            {t('case.files.sha256')} <span className="fixed">{of.sha256}</span>
          </p>
        )}
        {of.removed && <Removal of={of.removed} />}
      </div>
      {!of.removed && !of.withheld && (
        <span className="row no-print">
          <button
            className="button"
            disabled={busy}
            aria-label={t('case.files.save_one', { name })}
            onClick={() => void saveIt()}
          >
            {t('case.files.save')}
          </button>
          {onRemove && (
            <button className="button plain" aria-label={t('case.files.remove_one', { name })} onClick={onRemove}>
              {t('case.files.remove')}
            </button>
          )}
        </span>
      )}
    </li>
  );
}

/** Files that were put to the case. Who works on it adds and destroys, who reads it saves them. */
export function Attachments({ one, writes }: { one: Case; writes: boolean }) {
  const t = useText();
  const client = useQueryClient();
  const [adds, setAdds] = useState(false);
  const [removes, setRemoves] = useState<Attachment>();
  const caseId = one.summary.case_id;
  const take = (answer: Case) => {
    client.setQueryData(caseQuery(caseId).queryKey, answer);
    void client.invalidateQueries({ queryKey: ['cases'] });
  };
  return (
    <section className="card">
      <header>
        <h2 className="grow">{t('case.files')}</h2>
        {writes && (
          <button className="button no-print" onClick={() => setAdds(true)}>
            {t('case.files.add')}
          </button>
        )}
      </header>
      {one.attachments.length === 0 && <p className="pad quiet">{t('case.files.none')}</p>}
      <ul className="attachments">
        {one.attachments.map((each) => (
          <Row
            key={each.attachment_id}
            caseId={caseId}
            of={each}
            onRemove={writes ? () => setRemoves(each) : undefined}
          />
        ))}
      </ul>
      {adds && <AddFile caseId={caseId} onAdded={take} onClose={() => setAdds(false)} />}
      {removes && (
        <ReasonDialog
          title={t('case.files.remove')}
          about={removes.attachment_id}
          lead={t('case.files.remove.lead', { name: removes.name ?? '' })}
          hint={t('decision.reason.no_names')}
          onSend={async (reason) => {
            const of = { caseId, attachmentId: removes.attachment_id };
            take(
              await request('post', '/api/cases/{caseId}/attachments/{attachmentId}/removal', {
                path: of,
                body: { reason },
              }),
            );
            setRemoves(undefined);
          }}
          onClose={() => setRemoves(undefined)}
        />
      )}
    </section>
  );
}
