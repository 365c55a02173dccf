import { useEffect, useRef } from 'react';
import type { Schemas } from '../../lib/api/client';
import { useText } from '../../lib/i18n/useText';
import type { FileRow } from './draft';

const kLeastLines = 12;
/** That stay in sight above one that is gone to. */
const kLinesAbove = 5;

function startOfLine(text: string, line: number) {
  let at = 0;
  for (let n = 1; n < line; n += 1) {
    const next = text.indexOf('\n', at);
    if (next < 0) break;
    at = next + 1;
  }
  return at;
}

/** One document as text, its lines numbered as the server numbers them. `line` puts the cursor there. */
export function RuleText(props: {
  row: FileRow;
  problems: Schemas['RefusedRule'][];
  line: { at: number } | undefined;
  onChange: (text: string) => void;
  onRevert: () => void;
  onRemove: () => void;
}) {
  const t = useText();
  const field = useRef<HTMLTextAreaElement>(null);
  const { row, line } = props;
  const lines = Math.max(kLeastLines, row.now.split('\n').length);
  useEffect(() => {
    const text = field.current;
    if (!text || !line) return;
    const at = startOfLine(text.value, line.at);
    const end = text.value.indexOf('\n', at);
    text.focus();
    text.setSelectionRange(at, end < 0 ? text.value.length : end);
    const height = text.scrollHeight / text.rows;
    text.parentElement?.scrollTo({ top: Math.max(0, line.at - kLinesAbove) * height });
  }, [line]);
  return (
    <section className="card edit-text" aria-label={row.path}>
      <header>
        <h2 className="fixed">{row.path}</h2>
        <span className="row">
          <button className="button" disabled={row.state === 'same'} onClick={props.onRevert}>
            {t('rule_edit.revert')}
          </button>
          {row.state !== 'gone' && (
            <button className="button" onClick={props.onRemove}>
              {t('rule_edit.remove')}
            </button>
          )}
        </span>
      </header>
      {row.state === 'gone' ? (
        <p className="pad quiet">{t('rule_edit.gone')}</p>
      ) : (
        <div className="edit-lines">
          <ol aria-hidden="true">
            {Array.from({ length: lines }, (_, at) => (
              <li key={at} className={props.problems.some((p) => p.line === at + 1) ? 'refused' : ''}>
                {at + 1}
              </li>
            ))}
          </ol>
          <textarea
            ref={field}
            className="fixed"
            lang="en"
            wrap="off"
            rows={lines}
            spellCheck={false}
            autoCapitalize="off"
            aria-label={t('rule_edit.text_of', { path: row.path })}
            aria-invalid={props.problems.length > 0}
            value={row.now}
            onChange={(event) => props.onChange(event.target.value)}
          />
        </div>
      )}
    </section>
  );
}
