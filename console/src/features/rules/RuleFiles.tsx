import { useState } from 'react';
import type { Schemas } from '../../lib/api/client';
import { useText } from '../../lib/i18n/useText';
import { rootOf, type FileRow } from './draft';


/** The documents of the set: those that are changed or refused first. */
export function RuleFiles(props: {
  rows: FileRow[];
  refused: Schemas['RefusedRule'][];
  shown: string | undefined;
  onOpen: (path: string) => void;
}) {
  const t = useText();
  const [words, setWords] = useState('');
  const isRefused = ({ path }: FileRow) => props.refused.some((r) => r.path === path);
  const rank = (row: FileRow) => (isRefused(row) ? 0 : row.state !== 'same' ? 1 : 2);
  const wanted = words.toLowerCase().split(/\s+/);
  const root = rootOf(props.rows.map(({ path }) => path));
  const nameOf = (path: string) => path.slice(root.length).replace(/\/rule\.yml$/, '');
  const found = props.rows
    .filter(({ path, now, before }) => {
      const text = `${path}\n${now}\n${before}`.toLowerCase();
      return wanted.every((word) => text.includes(word));
    })
    .sort((a, b) => rank(a) - rank(b));
  return (
    <nav className="edit-files" aria-label={t('rule_edit.files')}>
      <input
        type="search"
        className="input"
        placeholder={t('rule_edit.find')}
        aria-label={t('rule_edit.find')}
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      <ul>
        {found.map((row) => (
          <li key={row.path}>
            <button
              className="fixed"
              aria-current={row.path === props.shown ? 'true' : undefined}
              onClick={() => props.onOpen(row.path)}
            >
              {nameOf(row.path)}
              {isRefused(row) && <span className="tag refused">{t('rule_edit.state.refused')}</span>}
              {row.state !== 'same' && <span className="tag">{t(`rule_edit.state.${row.state}`)}</span>}
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="quiet">{t('rule_edit.find.none')}</p>}
    </nav>
  );
}
