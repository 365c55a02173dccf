import type { ComponentType } from 'react';
import type { Role } from '../lib/api/session';
import type { Key } from '../lib/i18n/text';
import { WatchPage } from '../features/watch/WatchPage';

/** Every page: its path, its name, who may use it (as x-roles of what it reads), and the key after `g`. */
export type Page = { path: string; link: string; name: Key; roles: readonly Role[]; go: string; show: ComponentType };

const reads: readonly Role[] = ['officer', 'viewer'];

export const pages: readonly Page[] = [
  { path: '/watch', link: '/watch', name: 'page.watch', roles: reads, go: 'w', show: WatchPage },
];
