import { useRef, useState } from 'react';
import { subjectsInOrder } from '../../components/AlertLine';
import { FormDialog } from '../../components/Dialog';
import { ReasonField, Refused } from '../../components/Reason';
import { RuleWords } from '../../components/ServerWords';
import type { AlertSummary } from '../../lib/api/alerts';
import type { Schemas } from '../../lib/api/client';
import { useDraft } from '../../lib/drafts';
import { useRuleText } from '../../lib/i18n/useShipped';
import { useText } from '../../lib/i18n/useText';
import { CaseChoice, ColleagueChoice, kNewCase, ReasonChoice } from './DecisionChoices';

type NewDecision = Schemas['NewDecision'];
export type Asked = 'dismiss' | 'act' | 'note' | 'reopen' | 'assign' | 'add_to_case';

type Given = {
  what: Asked;
  /** One, or several that are decided on together. */
  alerts: readonly AlertSummary[];
  onSend: (body: NewDecision) => Promise<void>;
  onNewCase: (title: string) => Promise<void>;
  onClose: () => void;
};

/** What each decision asks for before it is sent. */
const kAsks: Record<Asked, { choice: boolean; text: boolean }> = {
  dismiss: { choice: true, text: true },
  act: { choice: false, text: true },
  note: { choice: false, text: true },
  reopen: { choice: false, text: true },
  assign: { choice: true, text: false },
  add_to_case: { choice: true, text: false },
};

function bodyOf(what: Asked, choice: string, text: string): NewDecision {
  if (what === 'add_to_case') return { action: what, case_id: choice };
  if (what === 'assign') return { action: what, assignee: choice };
  const reason = text.trim();
  return what === 'dismiss'
    ? { action: what, reason, reason_code: choice as Schemas['ReasonCode'] }
    : { action: what, reason };
}

/** What a case of these alerts is called until somebody calls it otherwise: as the first, and how many more. */
function useTitle(alerts: readonly AlertSummary[]) {
  const say = useRuleText();
  const [first] = alerts;
  const about = first && subjectsInOrder(first.subjects)[0]?.label;
  const more = alerts.length > 1 ? ` +${alerts.length - 1}` : '';
  return `${about ?? ''} ${say(first?.title ?? '')}`.trim().slice(0, 190) + more;
}

function Lead({ alerts }: { alerts: readonly AlertSummary[] }) {
  const t = useText();
  const [first] = alerts;
  if (!first || alerts.length > 1) return <>{t('lot.alerts', { count: alerts.length })}</>;
  return (
    <>
      {subjectsInOrder(first.subjects)[0]?.label ?? ''} · <RuleWords of={first.title} />
    </>
  );
}

export function DecisionDialog({ what, alerts, onSend, onNewCase, onClose }: Given) {
  const t = useText();
  const draft = [what, ...alerts.map(({ alert_id }) => alert_id)].join(' ');
  const [choice, setChoice] = useDraft(`${draft} choice`, what === 'add_to_case' ? kNewCase : '');
  const [text, setText] = useDraft(`${draft} text`);
  const [title, setTitle] = useDraft(`${draft} title`, useTitle(alerts));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const reason = useRef<HTMLTextAreaElement>(null);

  const asks = kAsks[what];
  const isNewCase = what === 'add_to_case' && choice === kNewCase;
  const complete =
    (!asks.choice || choice !== '') && (!asks.text || text.trim() !== '') && (!isNewCase || title.trim() !== '');
  const send = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await (isNewCase ? onNewCase(title.trim()) : onSend(bodyOf(what, choice, text)));
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <FormDialog
      title={t(`decision.${what}`)}
      lead={<Lead alerts={alerts} />}
      send={t(`decision.${what}`)}
      busy={busy}
      disabled={!complete}
      onSend={() => void send()}
      onClose={onClose}
      problem={<Refused error={error} />}
    >
      {what === 'dismiss' && (
        <ReasonChoice chosen={choice} onChoose={setChoice} onDigit={() => reason.current?.focus()} />
      )}
      {what === 'assign' && <ColleagueChoice chosen={choice} onChoose={setChoice} />}
      {what === 'add_to_case' && (
        <CaseChoice
          chosen={choice}
          onChoose={setChoice}
          without={alerts.flatMap(({ triage }) => triage.case_ids)}
        />
      )}
      {isNewCase && (
        <label className="field">
          <span>{t('case.title')}</span>
          <input className="input" maxLength={200} value={title} onChange={(event) => setTitle(event.target.value)} />
        </label>
      )}
      {asks.text && (
        <ReasonField
          field={reason}
          hint={t('decision.reason.hint')}
          autoFocus={!asks.choice}
          required
          value={text}
          onChange={setText}
        />
      )}
    </FormDialog>
  );
}
