import type { Schemas } from '../../lib/api/client';
import { Refused } from '../../components/Reason';
import { Message } from '../../components/ServerWords';
import { wordOf } from '../../lib/i18n/text';
import { useRuleText } from '../../lib/i18n/useShipped';
import { useText } from '../../lib/i18n/useText';
import type { FileRow } from './draft';

type Check = Schemas['RuleSetCheck'];
type Given = {
  changed: boolean;
  answer: { data: Check | undefined; error: unknown };
  isFresh: boolean;
  rows: FileRow[];
  onOpen: (path: string, line: number) => void;
};

function Problems({ of, onOpen }: { of: Check['refused']; onOpen: Given['onOpen'] }) {
  const t = useText();
  return (
    <div className="notice problem">
      <b>{t('rule_edit.refused', { count: of.length })}</b>
      <ul className="problems">
        {of.map((r, at) => (
          <li key={at}>
            <button className="link fixed" onClick={() => onOpen(r.path, r.line)}>
              {r.path}:{r.line}
            </button>{' '}
            <Message of={r.reason} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Changes({ check, rows }: { check: Check; rows: FileRow[] }) {
  const t = useText();
  const say = useRuleText();
  if (check.rules === 0) return <p className="notice problem">{t('rule_edit.no_rule')}</p>;
  const others = rows.filter(({ state }) => state !== 'same').length;
  return (
    <p className="notice good">
      {t('rule_edit.compiles', { count: check.rules })}{' '}
      {check.changes.length === 0
        ? t('rule_edit.only_words', { count: others })
        : check.changes.map((c) => `${say(c.title)} (${wordOf(t, 'rule_effect', c.effect)})`).join(', ')}
    </p>
  );
}

/** What the server says of the draft: told aloud, as it comes while one types. */
export function Checked({ changed, answer, isFresh, rows, onOpen }: Given) {
  const t = useText();
  return (
    <div aria-live="polite" aria-busy={!isFresh} className={isFresh ? '' : 'being-checked'}>
      {!changed && <p className="quiet">{t('rule_edit.nothing')}</p>}
      {changed && answer.error !== null && <Refused error={answer.error} />}
      {changed && answer.data === undefined && answer.error === null && (
        <p className="quiet">{t('rule_edit.checking')}</p>
      )}
      {changed && answer.data !== undefined && answer.data.refused.length > 0 && (
        <Problems of={answer.data.refused} onOpen={onOpen} />
      )}
      {changed && answer.data !== undefined && answer.data.refused.length === 0 && (
        <Changes check={answer.data} rows={rows} />
      )}
    </div>
  );
}
