import type { Schemas } from '../../lib/api/client';
import { useText } from '../../lib/i18n/useText';
import { fileLabelOf } from './custody';
import { At, Rows, who } from './FileParts';

type Attachment = Schemas['CaseAttachment'];

function OneFile({ of, label }: { of: Attachment; label: string }) {
  const t = useText();
  return (
    <li className="file-entry">
      <p>
        <b className="fixed">{label}</b> <b>{of.name ?? t('case.withheld')}</b>{' '}
        <span className="quiet">{of.description}</span>
      </p>
      <Rows
        of={[
          ['case.files.size', of.bytes !== undefined && t('case.files.bytes', { bytes: String(of.bytes) })],
          ['case.files.sha256', of.sha256 && <span className="fixed">{of.sha256}</span>],
          ['case.files.media_type', of.media_type],
          ['step.attach', <At at={of.at} />],
          ['case.files.by', who(of.by)],
          ['step.remove_attachment', of.removed && <At at={of.removed.at} />],
          ['case.files.removed_by', of.removed && who(of.removed.by)],
          ['decision.reason', of.removed?.reason],
        ]}
      />
    </li>
  );
}

/** Files that were put to the case, by their hash: paper does not carry their bytes. */
export function FileAttachments({ of }: { of: Attachment[] }) {
  const t = useText();
  if (of.length === 0) return null;
  return (
    <section className="file-alert">
      <h3>{t('case.files')}</h3>
      <ol>
        {of.map((each, index) => (
          <OneFile key={each.attachment_id} of={each} label={fileLabelOf(index)} />
        ))}
      </ol>
    </section>
  );
}
