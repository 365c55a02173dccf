import type { Schemas } from '../../lib/api/client';

/** A set of rules that is being written: the documents of the version it began with, and those it has now. */
export type RuleFile = Schemas['RuleSet']['files'][number];
export type Draft = { base: number; before: RuleFile[]; now: RuleFile[] };

export const begin = ({ version, files }: Schemas['RuleSet']): Draft => ({ base: version, before: files, now: files });

const textOf = (files: RuleFile[], path: string) => files.find((file) => file.path === path)?.text;
const byPath = (a: RuleFile, b: RuleFile) => (a.path < b.path ? -1 : 1);

/** The document at `path` says `text` from now on; undefined takes it out. */
export function put(draft: Draft, path: string, text: string | undefined): Draft {
  const others = draft.now.filter((file) => file.path !== path);
  return { ...draft, now: text === undefined ? others : [...others, { path, text }].sort(byPath) };
}

export const revert = (draft: Draft, path: string): Draft => put(draft, path, textOf(draft.before, path));

export type FileState = 'same' | 'changed' | 'new' | 'gone';
export type FileRow = { path: string; state: FileState; before: string; now: string };

/** Every document of before or now, by path. */
export function rowsOf(draft: Draft): FileRow[] {
  const paths = new Set([...draft.before, ...draft.now].map(({ path }) => path));
  return [...paths].sort().map((path) => {
    const [before, now] = [textOf(draft.before, path), textOf(draft.now, path)];
    const state =
      before === undefined ? 'new' : now === undefined ? 'gone' : before === now ? 'same' : 'changed';
    return { path, state, before: before ?? '', now: now ?? '' };
  });
}

export const isChanged = (draft: Draft) => rowsOf(draft).some(({ state }) => state !== 'same');

/** The folder that all documents lie in, such as `detectors/`; empty where there is none. */
export function rootOf(paths: string[]): string {
  const [first = '', ...others] = paths.map((path) => path.split('/').slice(0, -2).join('/'));
  return first !== '' && others.every((each) => each === first) ? `${first}/` : '';
}

/** The document with this rule. */
export const fileOfRule = (files: RuleFile[], ruleId: string) =>
  files.find(({ text }) => text.includes(`id: ${ruleId}`))?.path;

/** The name of a rule's folder: as `tools/new.py` takes it. */
export const isRuleName = (name: string) => /^[a-z][a-z0-9]*(_[a-z0-9]+)+$/.test(name);

/** By the system's random numbers; randomUUID is missing where the console is not served over TLS. */
export function newUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const kKey = 'quaywatch.rules.draft';

/** Kept for this tab, so that a reload loses nothing. Only what is changed is stored. */
export function keep(draft: Draft) {
  try {
    const files = rowsOf(draft).filter(({ state }) => state !== 'same');
    if (files.length === 0) sessionStorage.removeItem(kKey);
    else sessionStorage.setItem(kKey, JSON.stringify({ base: draft.base, files }));
  } catch {
    // The browser keeps nothing: the draft lives as long as the page.
  }
}

/** What was kept, over the documents of the version in force; nothing where none or a broken one was kept. */
export function kept(set: Schemas['RuleSet']): Draft | undefined {
  try {
    const { base, files } = JSON.parse(sessionStorage.getItem(kKey) ?? '') as { base: number; files: FileRow[] };
    let draft: Draft = { ...begin(set), base };
    for (const { path, state, now } of files) draft = put(draft, path, state === 'gone' ? undefined : now);
    return draft;
  } catch {
    return undefined;
  }
}
