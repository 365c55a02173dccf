import { lazy, type ComponentType } from 'react';
import type { Role } from '../lib/api/session';
import type { Key } from '../lib/i18n/text';
import { WatchPage } from '../features/watch/WatchPage';

/** Every page: its path, its name, who may use it (as x-roles of what it reads), and the key after `g`. */
export type Page = { path: string; link: string; name: Key; roles: readonly Role[]; go: string; show: ComponentType };

const reads: readonly Role[] = ['officer', 'viewer'];

export const pages: readonly Page[] = [
  { path: '/watch', link: '/watch', name: 'page.watch', roles: reads, go: 'w', show: WatchPage },
  {
    path: '/timeline/:kind?/:key?',
    link: '/timeline',
    name: 'page.timeline',
    roles: reads,
    go: 't',
    show: lazy(() => import('../features/timeline/TimelinePage')),
  },
  {
    path: '/gate',
    link: '/gate',
    name: 'page.gate',
    roles: ['gate'],
    go: 'd',
    show: lazy(() => import('../features/gate/GatePage')),
  },
  {
    path: '/map',
    link: '/map',
    name: 'page.map',
    roles: reads,
    go: 'm',
    show: lazy(() => import('../features/map/MapPage')),
  },
  {
    path: '/cases/:caseId?/:part?',
    link: '/cases',
    name: 'page.cases',
    roles: reads,
    go: 'c',
    show: lazy(() => import('../features/cases/CasesPage')),
  },
  {
    path: '/brief',
    link: '/brief',
    name: 'page.brief',
    roles: reads,
    go: 'b',
    show: lazy(() => import('../features/brief/BriefPage')),
  },
  {
    path: '/feeds/:feed?',
    link: '/feeds',
    name: 'page.feeds',
    roles: [...reads, 'auditor'],
    go: 'f',
    show: lazy(() => import('../features/feeds/FeedsPage')),
  },
  {
    path: '/rules/:ruleId?',
    link: '/rules',
    name: 'page.rules',
    roles: [...reads, 'auditor'],
    go: 'r',
    show: lazy(() => import('../features/rules/RulesPage')),
  },
  {
    path: '/unmaskings',
    link: '/unmaskings',
    name: 'page.unmaskings',
    roles: ['officer', 'auditor'],
    go: 'u',
    show: lazy(() => import('../features/unmaskings/UnmaskingsPage')),
  },
  {
    path: '/kpis',
    link: '/kpis',
    name: 'page.kpis',
    roles: [...reads, 'auditor'],
    go: 'k',
    show: lazy(() => import('../features/kpis/KpisPage')),
  },
  {
    path: '/legal/:document?',
    link: '/legal',
    name: 'page.legal',
    roles: [...reads, 'auditor'],
    go: 'l',
    show: lazy(() => import('../features/legal/LegalPage')),
  },
  {
    path: '/requests/:requestId?',
    link: '/requests',
    name: 'page.requests',
    roles: ['auditor'],
    go: 'q',
    show: lazy(() => import('../features/legal/RequestsPage')),
  },
  {
    path: '/people',
    link: '/people',
    name: 'page.people',
    roles: ['administrator'],
    go: 'p',
    show: lazy(() => import('../features/people/PeoplePage')),
  },
  {
    path: '/audit',
    link: '/audit',
    name: 'page.audit',
    roles: ['auditor'],
    go: 'a',
    show: lazy(() => import('../features/people/AuditPage')),
  },
  {
    path: '/search',
    link: '/search',
    name: 'page.search',
    roles: reads,
    go: 's',
    show: lazy(() => import('../features/search/SearchPage')),
  },
];
