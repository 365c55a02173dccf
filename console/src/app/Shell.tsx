import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { NavLink, useLocation, useNavigate } from 'react-router-dom';
import { useZone } from '../components/Time';
import { Toast } from '../components/Toast';
import { UnmaskDialog } from '../features/unmaskings/UnmaskDialog';
import { unmaskingsWaitingQuery } from '../lib/api/lists';
import { hasRole, type Session } from '../lib/api/session';
import { useLanguage, useText } from '../lib/i18n/useText';
import { useKeys } from '../lib/keys';
import { useLive, type LiveState } from '../lib/live';
import { useNow } from '../lib/now';
import { localTime } from '../lib/time';
import { KeyHelp } from './KeyHelp';
import { Palette } from './Palette';
import { pages } from './pages';
import { StaleFeeds } from './StaleFeeds';
import { UserMenu } from './UserMenu';

/** After `g` the next key within this time chooses a page. */
const kGoWithin = 1_500;

function PortClock() {
  const zone = useZone();
  const language = useLanguage();
  const now = useNow();
  return (
    <div className="port-clock" title={new Date(now).toISOString().replace('T', ' ').replace(/\.\d+/, '')}>
      <b>{localTime(now, zone, language, 'time')}</b>
      <span>{zone.replace('_', ' ')}</span>
    </div>
  );
}

function LiveMark({ live }: { live: LiveState }) {
  const t = useText();
  const zone = useZone();
  const language = useLanguage();
  return (
    <div className={`live ${live.state}`} role="status">
      <i aria-hidden="true" />
      {live.state === 'broken'
        ? t('live.broken', { since: localTime(live.since, zone, language, 'time') })
        : t(`live.${live.state}`)}
    </div>
  );
}

function Waiting() {
  const t = useText();
  const { data = 0 } = useQuery(unmaskingsWaitingQuery);
  if (data === 0) return null;
  return (
    <span className="nav-count" title={t('unmask.show.to_decide')}>
      {data}
    </span>
  );
}

/** On a narrow screen a strip that scrolls: where one is must be in sight. */
function Pages({ of }: { of: typeof pages }) {
  const t = useText();
  const { pathname } = useLocation();
  const strip = useRef<HTMLElement>(null);
  useEffect(() => {
    strip.current?.querySelector('.active')?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [pathname]);
  return (
    <nav className="nav" ref={strip} aria-label={t('shell.pages')}>
      {of.map((page) => (
        <NavLink key={page.path} to={page.link}>
          {t(page.name)}
          {page.link === '/unmaskings' && <Waiting />}
        </NavLink>
      ))}
    </nav>
  );
}

export function Shell({ session, children }: { session: Session; children: ReactNode }) {
  const t = useText();
  const navigate = useNavigate();
  const reads = hasRole(session, ['officer', 'viewer']);
  const live = useLive(reads);
  const [over, setOver] = useState<'palette' | 'keys' | undefined>();
  const mine = pages.filter((page) => hasRole(session, page.roles));

  const go = Object.fromEntries(mine.map((page) => [page.go, () => navigate(page.link)]));
  useKeys({
    'Mod+k': () => setOver('palette'),
    '/': () => setOver('palette'),
    '?': () => setOver('keys'),
    g: () => {
      // The page's own keys rest for the one key that follows.
      const onNext = (event: KeyboardEvent) => {
        document.removeEventListener('keydown', onNext, true);
        clearTimeout(timer);
        const act = go[event.key];
        if (!act) return;
        event.preventDefault();
        event.stopPropagation();
        act();
      };
      const timer = setTimeout(() => document.removeEventListener('keydown', onNext, true), kGoWithin);
      document.addEventListener('keydown', onNext, true);
    },
  });

  return (
    <div className="shell">
      <header className="topbar no-print">
        <NavLink className="brand" to="/">
          <img src="/mark.svg" alt="" />
          <span>Quaywatch</span>
        </NavLink>
        <Pages of={mine.filter((page) => page.link !== '/search')} />
        <span className="grow" />
        <button className="find" onClick={() => setOver('palette')}>
          <svg
            width="14"
            height="14"
            viewBox="0 0 14 14"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.6"
            aria-hidden="true"
          >
            <path d="M6 1.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM9.5 9.5l3.2 3.2" />
          </svg>
          <span>{t('palette.title')}</span>
          <kbd aria-hidden="true">Ctrl K</kbd>
        </button>
        {reads && <LiveMark live={live} />}
        <PortClock />
        <UserMenu session={session} onKeys={() => setOver('keys')} />
      </header>
      <div className="no-print">
        <StaleFeeds session={session} live={live} />
      </div>
      <main className="page">{children}</main>
      {over === 'palette' && <Palette session={session} onClose={() => setOver(undefined)} />}
      {over === 'keys' && <KeyHelp onClose={() => setOver(undefined)} />}
      <UnmaskDialog />
      <Toast />
    </div>
  );
}
