import { useSyncExternalStore } from 'react';

/** What the user chose for this browser. Nothing here is personal, nothing of it reaches the server. */
export type Preferences = {
  language: 'auto' | 'en' | 'es';
  theme: 'auto' | 'light' | 'dark';
  /** IANA zone of the port; `auto` is that of this machine. */
  zone: string;
  /** Single keys act (WCAG 2.1, criterion 2.1.4 asks that this can be turned off). */
  single_keys: boolean;
};

const kKey = 'quaywatch.preferences';
const kDefaults: Preferences = { language: 'auto', theme: 'auto', zone: 'auto', single_keys: true };

export function stored<T extends object>(key: string, defaults: T): T {
  try {
    return { ...defaults, ...(JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<T>) };
  } catch {
    return defaults;
  }
}

export function store(key: string, value: object) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage is off or full: the choice holds until the page is left.
  }
}

let current: Preferences | undefined;
const listeners = new Set<() => void>();

export const preferences = (): Preferences => (current ??= stored(kKey, kDefaults));

export function setPreferences(change: Partial<Preferences>) {
  current = { ...preferences(), ...change };
  store(kKey, current);
  applyTheme();
  listeners.forEach((listener) => listener());
}

/** `auto` leaves the choice to the system through CSS `color-scheme`. */
export function applyTheme() {
  const { theme } = preferences();
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const usePreferences = () => useSyncExternalStore(subscribe, preferences);
