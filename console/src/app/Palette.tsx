import { useQuery } from '@tanstack/react-query';
import { useState, type KeyboardEvent } from 'react';
import { useNavigate } from 'react-router-dom';
import { Dialog } from '../components/Dialog';
import { timelineLink } from '../components/links';
import { useProblemText } from '../components/States';
import { searchQuery } from '../lib/api/lists';
import { hasRole, useSessionChange, type Session } from '../lib/api/session';
import { useText } from '../lib/i18n/useText';
import { pageActions } from '../lib/pageActions';
import { setPreferences } from '../lib/preferences';
import { useRested } from '../lib/rested';
import { askToUnmask, offered } from '../lib/unmask';
import { pages } from './pages';

type Entry = { id: string; text: string; note: string; isSimilar?: boolean; run: () => void };

/** What came of the search where the list does not show it: nothing found is not the same as nobody answered. */
function Found({ hits, isCut, error }: { hits: number | undefined; isCut: boolean; error: unknown }) {
  const t = useText();
  const problemText = useProblemText();
  if (hits !== undefined) return hits === 0 ? t('palette.none') : null;
  if (isCut) return t('problem.unreachable');
  return error ? problemText(error).title : t('state.loading');
}

export function Palette({ session, onClose }: { session: Session; onClose: () => void }) {
  const t = useText();
  const navigate = useNavigate();
  const { signOut } = useSessionChange();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const asked = useRested(text.trim());
  const reads = hasRole(session, ['officer', 'viewer']);
  const asks = reads && asked.length >= 2;
  const { data, failureReason, isPaused } = useQuery({ ...searchQuery(asked), enabled: asks });

  const commands: Entry[] = [
    ...pageActions().map((action) => ({ ...action, note: t('palette.action') })),
    ...pages
      .filter((page) => hasRole(session, page.roles))
      .map((page) => ({ id: page.link, text: t(page.name), note: t('palette.page'), run: () => navigate(page.link) })),
    ...(['light', 'dark', 'auto'] as const).map((theme) => ({
      id: `theme-${theme}`,
      text: `${t('preference.theme')}: ${t(`preference.theme.${theme}`)}`,
      note: t('palette.setting'),
      run: () => setPreferences({ theme }),
    })),
    ...offered().map((offer) => ({
      id: `unmask-${offer.pseudonym}`,
      text: t('unmask.of', { pseudonym: offer.pseudonym }),
      note: t('palette.action'),
      run: () => askToUnmask(offer),
    })),
    { id: 'sign-out', text: t('session.sign_out'), note: t('palette.setting'), run: () => void signOut() },
  ];
  const found: Entry[] = (data?.items ?? []).map(({ subject, events, exact }) => ({
    id: `${subject.kind}:${subject.key}`,
    text: subject.label,
    note: `${t(`kind.${subject.kind}`)} · ${t('count.events', { count: events })}`,
    isSimilar: !exact,
    run: () => navigate(timelineLink(subject.kind, subject.key)),
  }));
  const typed = text.trim().toLowerCase();
  // What is being called by its name stays first while subjects that were found come in.
  const isNamed = (entry: Entry) => typed.length >= 2 && entry.text.toLowerCase().startsWith(typed);
  const matching = commands.filter((entry) => entry.text.toLowerCase().includes(typed));
  const entries = [...matching.filter(isNamed), ...found, ...matching.filter((entry) => !isNamed(entry))];
  const chosen = Math.min(at, entries.length - 1);

  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((chosen + step + entries.length) % Math.max(entries.length, 1));
    else if (event.key === 'Enter') run(entries[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={t('palette.title')} className="palette" onClose={onClose}>
      <input
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-entries"
        aria-activedescendant={entries[chosen] ? `palette-${chosen}` : ''}
        aria-label={t('palette.title')}
        placeholder={t(reads ? 'palette.placeholder' : 'palette.placeholder.pages')}
        value={text}
        onChange={(event) => (setText(event.target.value), setAt(0))}
        onKeyDown={onKeyDown}
      />
      <ul id="palette-entries" role="listbox" aria-label={t('palette.title')}>
        {entries.map((entry, index) => (
          <li
            key={entry.id}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === chosen}
            onMouseMove={() => setAt(index)}
            onClick={() => run(entry)}
          >
            <span className="clip">
              {entry.text} {entry.isSimilar && <span className="tag open">{t('search.similar')}</span>}
            </span>
            <small className="nowrap">{entry.note}</small>
          </li>
        ))}
      </ul>
      <p role="status" className="palette-state">
        {asks && <Found hits={data?.items.length} isCut={isPaused} error={failureReason} />}
      </p>
      <footer>
        <span>
          <kbd>↑</kbd> <kbd>↓</kbd> {t('keys.move')}
        </span>
        <span>
          <kbd>Enter</kbd> {t('keys.open')}
        </span>
      </footer>
    </Dialog>
  );
}
