import { isSubjectKind, timelineLink } from '../../components/links';
import { hasRole, type Session } from '../../lib/api/session';
import { knownWord, type Translate } from '../../lib/i18n/text';

type Said = (t: Translate, detail: string) => string | undefined;

const ofDecision: Said = (t, detail) => knownWord(t, 'decided', detail);
const ofHold: Said = (t, detail) => knownWord(t, 'hold.step', detail);
const ofRules: Said = (t, detail) => knownWord(t, 'audit.rules', detail);
const ofRequest: Said = (t, detail) => knownWord(t, 'request.step', detail);
const ofUnmasking: Said = (t, detail) => knownWord(t, 'unmask.step', detail);
const ofReset: Said = (t, detail) => {
  const parts = detail.split(', ').map((part) => knownWord(t, 'audit.reset', part.replace(/ /g, '_')));
  return parts.every((part) => part !== undefined) ? parts.join(', ') : undefined;
};
/** From midnight until midnight of UTC, the last day included. */
const ofTrial: Said = (_, detail) => {
  const [from, until] = detail.split(' to ').map((at) => Date.parse(at));
  if (!from || !until) return undefined;
  return [from, until - 1].map((at) => new Date(at).toISOString().slice(0, 10)).join(' – ');
};

const kSaid: Record<string, Said> = {
  decideAlert: ofDecision,
  decideAlerts: ofDecision,
  undoDecision: ofDecision,
  stepCase: (t, detail) => knownWord(t, 'step', detail),
  getCase: (t, detail) => knownWord(t, 'audit.case', detail),
  requestHold: ofHold,
  answerHold: ofHold,
  decideRuleSet: ofRules,
  decideAgreement: ofRules,
  startBacktest: ofTrial,
  openSubjectRequest: ofRequest,
  stepSubjectRequest: ofRequest,
  readSubjectFile: ofRequest,
  requestUnmasking: ofUnmasking,
  breakGlass: ofUnmasking,
  decideUnmasking: ofUnmasking,
  reviewBrokenGlass: ofUnmasking,
  readUnmasked: ofUnmasking,
  changeUser: ofReset,
  resetPassword: ofReset,
  getMapFeature: (t, detail) => (detail.startsWith('at ') ? t('audit.moment', { at: detail.slice(3) }) : undefined),
};

/** The detail of an entry in our words; undefined: as it was recorded, a title or what was typed. */
export function detailWords(t: Translate, operation: string, detail: string): string | undefined {
  const said = kSaid[operation]?.(t, detail);
  return said ?? (detail === 'refused' ? t('audit.refused') : undefined);
}

/** Where a subject such as `alert:37ee…` is looked at; undefined where there is no such page for this session. */
export function subjectLink(session: Session, subject: string): string | undefined {
  const colon = subject.indexOf(':');
  const [kind, key] = [subject.slice(0, colon), subject.slice(colon + 1)];
  if (colon < 1 || key === '') return undefined;
  if (kind === 'user') return `/audit?user=${key}`;
  if (kind === 'request') return `/requests/${key}`;
  if (kind === 'unmasking') return '/unmaskings?show=all';
  if (kind === 'rules' || kind === 'agreement') return '/rules';
  if (!hasRole(session, ['officer', 'viewer'])) return undefined;
  if (kind === 'alert') return `/watch?state=all&alert=${key}`;
  if (kind === 'case') return `/cases/${key}`;
  if (kind === 'feature') return `/map?feature=${encodeURIComponent(key)}`;
  return isSubjectKind(kind) ? timelineLink(kind, key) : undefined;
}
