import { useEffect, useRef, useState } from 'react';
import { FormDialog } from '../../components/Dialog';
import { Refused } from '../../components/Reason';
import type { Schemas } from '../../lib/api/client';
import { addFile } from '../../lib/api/files';
import type { Key } from '../../lib/i18n/text';
import { useText } from '../../lib/i18n/useText';

const kMost = 100 * 1024 * 1024;
const kDescription = 120;

/** Why the server would not take it; undefined: it may. */
const unfit = ({ size }: File): Key | undefined =>
  size === 0 ? 'case.files.empty' : size > kMost ? 'case.files.too_large' : undefined;

type Given = { caseId: string; onAdded: (one: Schemas['Case']) => void; onClose: () => void };

export function AddFile({ caseId, onAdded, onClose }: Given) {
  const t = useText();
  const [file, setFile] = useState<File>();
  const [description, setDescription] = useState('');
  const [sent, setSent] = useState<number>();
  const [error, setError] = useState<unknown>();
  const leaving = useRef(new AbortController());
  useEffect(() => {
    const { current } = leaving;
    return () => current.abort();
  }, []);
  const why = file && unfit(file);
  const send = async (chosen: File) => {
    setSent(0);
    setError(undefined);
    try {
      const { signal } = leaving.current;
      onAdded(await addFile(caseId, { file: chosen, description: description.trim(), onSent: setSent, signal }));
      onClose();
    } catch (failure) {
      setError(failure);
      setSent(undefined);
    }
  };
  return (
    <FormDialog
      title={t('case.files.add')}
      lead={t('case.files.lead')}
      send={t('case.files.add')}
      busy={sent !== undefined}
      disabled={file === undefined || why !== undefined}
      onSend={() => file && void send(file)}
      onClose={onClose}
      problem={
        why ? (
          <p className="notice problem" role="alert">
            {t(why)}
          </p>
        ) : (
          <Refused error={error} />
        )
      }
    >
      <label className="field">
        <span>{t('case.files.file')}</span>
        <input
          className="input"
          type="file"
          autoFocus
          disabled={sent !== undefined}
          aria-invalid={why !== undefined}
          onChange={(event) => setFile(event.target.files?.[0])}
        />
      </label>
      <label className="field">
        <span>{t('case.files.description')}</span>
        <input
          className="input"
          maxLength={kDescription}
          value={description}
          onChange={(event) => setDescription(event.target.value)}
        />
        <small>{t('case.files.hint')}</small>
      </label>
      {sent !== undefined && (
        <progress className="sending" aria-label={t('case.files.sending')} value={sent} max={1} />
      )}
    </FormDialog>
  );
}
