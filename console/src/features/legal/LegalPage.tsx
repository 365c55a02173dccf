import { useQuery } from '@tanstack/react-query';
import { NavLink, useParams } from 'react-router-dom';
import { Answer, Empty } from '../../components/States';
import { queryString } from '../../lib/api/client';
import { legalQuery, type LegalName } from '../../lib/api/lists';
import { useSession } from '../../lib/api/session';
import { useRuleText, type Say } from '../../lib/i18n/useShipped';
import { useLanguage, useText } from '../../lib/i18n/useText';
import { useKeys } from '../../lib/keys';
import { Section } from './Section';
import './legal.css';

/** The innocent causes of a rule stand in one cell, a sentence each. */
function inSentences(text: string, say: Say): string {
  const whole = say(text);
  if (whole !== text) return whole;
  const sentences = text.split(/(?<=\.) /);
  const said = sentences.map(say);
  return said.every((sentence, at) => sentence !== sentences[at]) ? said.join(' ') : text;
}

const kNames: readonly LegalName[] = ['processing', 'assessment', 'staff'];

/** The documents for the law: what feeds and rules state of themselves, and what nobody stated yet. */
export default function LegalPage() {
  const t = useText();
  const language = useLanguage();
  const ruleText = useRuleText();
  const say = (text: string) => inSentences(text, ruleText);
  const { organisation } = useSession();
  const name = (useParams().document ?? kNames[0]) as LegalName;
  const answer = useQuery({ ...legalQuery(name, language), enabled: kNames.includes(name) });
  useKeys({ p: () => window.print() });
  if (!kNames.includes(name)) return <Empty title="state.no_page" next="state.no_page.next" />;
  return (
    <div className="sheet legal">
      <div className="row wrap">
        <h1>{answer.data?.title ?? t('page.legal')}</h1>
        <span className="quiet grow legal-about">{organisation.name}</span>
        <a className="button no-print" href={`/api/legal/${name}${queryString({ language, form: 'markdown' })}`} download>
          {t('legal.file')}
        </a>
        <button className="button no-print" onClick={() => window.print()}>
          {t('brief.print')} <kbd>p</kbd>
        </button>
      </div>
      <nav className="row wrap no-print" aria-label={t('page.legal')}>
        {kNames.map((each) => (
          <NavLink key={each} className={`button ${each === name ? 'primary' : ''}`} to={`/legal/${each}`}>
            {t(`legal.${each}`)}
          </NavLink>
        ))}
      </nav>
      <Answer of={answer}>
        {({ lead, missing, sections }) => (
          <>
            <p className="quiet legal-lead">{lead}</p>
            {missing > 0 && <p className="notice">{t('legal.open', { count: missing })}</p>}
            {sections.map((section) => (
              <Section key={section.title} section={section} say={say} />
            ))}
          </>
        )}
      </Answer>
    </div>
  );
}
