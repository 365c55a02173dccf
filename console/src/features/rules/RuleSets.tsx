import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { Message } from '../../components/ServerWords';
import { Answer } from '../../components/States';
import { Time } from '../../components/Time';
import type { Schemas } from '../../lib/api/client';
import { ruleSetsQuery } from '../../lib/api/lists';
import { hasRole, useSession } from '../../lib/api/session';
import { wordOf } from '../../lib/i18n/text';
import { useText } from '../../lib/i18n/useText';
import { Account } from './Account';
import { Agreements } from './Agreements';
import { DecideRules } from './DecideRules';
import { Proposal, type Asked } from './Proposal';
import { Review } from './Review';
import { useVersionText } from './version';

type Sets = Schemas['RuleSets'];

const kPropose = 'quaywatch rules propose';

/** What the server could not use is said first: the rules in force are not the ones decided on. */
function Trouble({ of }: { of: Schemas['RulesInForce'] }) {
  const t = useText();
  if (of.named) return <p className="notice">{t('rule_set.named')}</p>;
  if (of.problem === '' && of.refused.length === 0) return null;
  return (
    <div className="notice problem" role="alert">
      {of.problem !== '' && (
        <p>
          {t('rule_set.problem')} <Message of={of.problem} />
        </p>
      )}
      {of.refused.map((r) => (
        <p key={`${r.path}:${r.line}`}>
          {t('rule_set.refused')}{' '}
          <span className="fixed">
            {r.path}:{r.line}
          </span>{' '}
          <Message of={r.reason} />
        </p>
      ))}
    </div>
  );
}

function InForce({ of, edits }: { of: Schemas['RulesInForce']; edits: boolean }) {
  const t = useText();
  const versionText = useVersionText();
  return (
    <section className="card">
      <header>
        <h2>{t('rule_set.in_force')}</h2>
        <span>
          <b>{versionText(of.version)}</b> · {t('rule_set.rules', { count: of.rules })}
          {of.since !== null && (
            <>
              {' '}
              · {t('rule_set.since')} <Time at={of.since} />
            </>
          )}
        </span>
        {edits && !of.named && (
          <Link className="button no-print" to="/rules/edit">
            {t('rule_edit.title')}
          </Link>
        )}
      </header>
      <Trouble of={of} />
    </section>
  );
}

function History({ sets, decides, onAsk }: { sets: Sets; decides: boolean; onAsk: (asked: Asked) => void }) {
  const t = useText();
  const versionText = useVersionText();
  const others = sets.were_in_force.filter((version) => version !== sets.in_force.version);
  const isNoApprover = sets.roll_back.refusal === 'not_an_approver';
  return (
    <section className="card">
      <header>
        <h2>{t('rule_set.history')}</h2>
      </header>
      {decides && others.length > 0 && (
        <div className="pad answer no-print">
          {others.map((version) => (
            <button
              key={version}
              className="button"
              disabled={isNoApprover || sets.in_force.named}
              aria-describedby={isNoApprover ? 'why-back' : undefined}
              onClick={() => onAsk({ action: 'roll_back', version })}
            >
              {t('rule_set.back_to', { version: versionText(version) })}
            </button>
          ))}
          {isNoApprover && (
            <p id="why-back" className="quiet">
              {wordOf(t, 'rule_refusal', 'not_an_approver')}
            </p>
          )}
        </div>
      )}
      {sets.history.length === 0 ? (
        <p className="pad quiet">{t('rule_set.history.none')}</p>
      ) : (
        <ul className="decided">
          {sets.history.map((step, at) => (
            <li key={at}>
              <Time at={step.at} />
              <div>
                <b>{t(`rule_step.${step.step}`)}</b>{' '}
                {step.version !== null &&
                  (step.step.startsWith('agree')
                    ? t('agreement.number', { number: step.version })
                    : versionText(step.version))}{' '}
                <span className="quiet">
                  <Account of={step.by} />
                </span>{' '}
                <Review by={step.review} />
                {step.not_valid !== '' && <span className="tag open">{t('rule_set.not_valid')}</span>}
                {step.reason !== '' && <p>{step.reason}</p>}
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Sets({ sets }: { sets: Sets }) {
  const t = useText();
  const decides = hasRole(useSession(), ['officer']);
  const [asked, setAsked] = useState<Asked>();
  return (
    <>
      <InForce of={sets.in_force} edits={decides} />
      <section className="proposals" aria-label={t('rule_set.proposals')}>
        <h2>{t('rule_set.proposals')}</h2>
        {sets.proposals.length === 0 && (
          <p className="quiet">
            {t('rule_set.proposals.none')} <code>{kPropose}</code>{t('rule_set.proposals.or_here')}
          </p>
        )}
        {sets.proposals.map((proposal) => (
          <Proposal key={proposal.version} proposal={proposal} decides={decides} onAsk={setAsked} />
        ))}
      </section>
      <Agreements sets={sets} />
      <History sets={sets} decides={decides} onAsk={setAsked} />
      {asked && <DecideRules asked={asked} onClose={() => setAsked(undefined)} />}
    </>
  );
}

/** Which rules judge, who wants others, and who decided what. */
export function RuleSets() {
  return <Answer of={useQuery(ruleSetsQuery)}>{(sets) => <Sets sets={sets} />}</Answer>;
}
