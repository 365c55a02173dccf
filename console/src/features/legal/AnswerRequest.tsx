import { useState } from 'react';
import { ReasonDialog } from '../../components/ReasonDialog';
import type { Schemas } from '../../lib/api/client';
import { useText } from '../../lib/i18n/useText';
import { kWordsLeast } from './OpenRequest';

type Decision = Schemas['RequestDecision'];
const kDecisions: readonly Decision[] = ['granted', 'partly', 'refused'];

/** What the person was answered, why, and how he got it; access by the last file that was made. */
export function AnswerRequest(given: {
  of: Schemas['SubjectRequest'];
  onSend: (body: Schemas['SubjectRequestStep']) => Promise<void>;
  onClose: () => void;
}) {
  const t = useText();
  const { kind, files } = given.of;
  const [decision, setDecision] = useState<Decision>('granted');
  const [how, setHow] = useState('');
  const file = files.at(-1);
  const needsFile = kind === 'access' && decision !== 'refused';
  return (
    <ReasonDialog
      title={t('request.answer')}
      lead={t(`request.answer.lead.${kind}`)}
      hint={t('request.words.hint')}
      least={kWordsLeast}
      disabled={how.trim() === '' || (needsFile && !file)}
      onSend={(words) =>
        given.onSend({
          action: 'answer',
          words,
          decision,
          given: how.trim(),
          ...(needsFile && file && { sha256: file.sha256 }),
        })
      }
      onClose={given.onClose}
    >
      <label className="field">
        <span>{t('request.decision')}</span>
        <select className="input" value={decision} onChange={(event) => setDecision(event.target.value as Decision)}>
          {kDecisions.map((each) => (
            <option key={each} value={each}>
              {t(`request.decision.${each}`)}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>{t('request.given')}</span>
        <input className="input" maxLength={2000} value={how} onChange={(event) => setHow(event.target.value)} />
      </label>
      {needsFile && !file && <p className="notice">{t('request.file.first')}</p>}
    </ReasonDialog>
  );
}
