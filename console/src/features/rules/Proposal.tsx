import { Level } from '../../components/Level';
import { RuleWords } from '../../components/ServerWords';
import { Time } from '../../components/Time';
import type { Schemas } from '../../lib/api/client';
import { wordOf } from '../../lib/i18n/text';
import { useRuleText } from '../../lib/i18n/useShipped';
import { useText } from '../../lib/i18n/useText';
import { Account } from './Account';
import { Figures, Source } from './Figures';
import { TextDiff } from './TextDiff';

type RuleProposal = Schemas['RuleProposal'];
type RuleChange = Schemas['RuleChange'];
export type Asked = { action: Schemas['RuleSetDecision']['action']; version: number };

function Backtest({ figures }: { figures: RuleProposal['figures'] }) {
  const t = useText();
  if (!figures) return <p className="quiet">{t('rule_set.no_backtest')}</p>;
  return (
    <>
      <Figures of={figures} />
      <Source of={figures.on_server} />
    </>
  );
}

/** Exceptions silence: those that come and go are told in words of their own. */
function Exceptions({ change }: { change: RuleChange }) {
  const t = useText();
  const [before, now] = [change.before?.exceptions ?? [], change.now?.exceptions ?? []];
  const key = (e: Schemas['Exception']) => JSON.stringify(e);
  const lacks = (list: Schemas['Exception'][], e: Schemas['Exception']) => !list.some((other) => key(other) === key(e));
  const told = [
    ...now.filter((e) => lacks(before, e)).map((e) => ({ e, name: t('rule_set.exception.new') })),
    ...before.filter((e) => lacks(now, e)).map((e) => ({ e, name: t('rule_set.exception.gone') })),
  ];
  if (told.length === 0) return null;
  return (
    <ul className="pad dashed">
      {told.map(({ e, name }) => (
        <li key={name + key(e)}>
          <b>{name}</b> {e.owner}, <Time at={e.from} /> – <Time at={e.until} />: <span lang="en">{e.reason}</span>
        </li>
      ))}
    </ul>
  );
}

function Change({ change }: { change: RuleChange }) {
  const t = useText();
  const say = useRuleText();
  const { before, now } = change;
  const hasOtherLevel = before && now && before.level !== now.level;
  return (
    <details className="change">
      <summary>
        <span className="tag">{wordOf(t, 'rule_effect', change.effect)}</span> <RuleWords of={change.title} />
        {hasOtherLevel && (
          <span className="row levels">
            <Level level={before.level} /> <span aria-label={t('rule_set.becomes')}>→</span> <Level level={now.level} />
          </span>
        )}
        {!hasOtherLevel && (now ?? before) && <Level level={(now ?? before)!.level} />}
      </summary>
      <Exceptions change={change} />
      <TextDiff name={say(change.title)} before={change.before_text} now={change.now_text} />
    </details>
  );
}

function Answer({ proposal, onAsk }: { proposal: RuleProposal; onAsk: (asked: Asked) => void }) {
  const t = useText();
  const id = `why-${proposal.version}`;
  const why = proposal.approve.refusal;
  return (
    <div className="answer no-print">
      <button
        className="button primary"
        disabled={why !== null}
        aria-describedby={why === null ? undefined : id}
        onClick={() => onAsk({ action: 'approve', version: proposal.version })}
      >
        {t('rule_set.approve')}
      </button>
      <button
        className="button"
        disabled={proposal.refuse.refusal !== null}
        onClick={() => onAsk({ action: 'refuse', version: proposal.version })}
      >
        {t(proposal.by.is_me ? 'rule_set.take_back' : 'rule_set.refuse')}
      </button>
      {why !== null && (
        <p id={id} className="quiet">
          {wordOf(t, 'rule_refusal', why)}
        </p>
      )}
    </div>
  );
}

export function Proposal(props: { proposal: RuleProposal; decides: boolean; onAsk: (asked: Asked) => void }) {
  const t = useText();
  const { proposal } = props;
  return (
    <article className="card proposal" aria-label={t('rule_set.proposal', { version: proposal.version })}>
      <header>
        <h3>{t('rule_set.proposal', { version: proposal.version })}</h3>
        <span className="quiet">
          <Account of={proposal.by} /> · <Time at={proposal.at} />
        </span>
      </header>
      <div className="pad proposal-body">
        <blockquote>{proposal.reason}</blockquote>
        <h4>{t('rule_set.backtest')}</h4>
        <Backtest figures={proposal.figures} />
        <h4>{t('rule_set.changes', { count: proposal.changes.length })}</h4>
        {proposal.changes.length === 0 && <p className="quiet">{t('rule_set.changes.none')}</p>}
        {proposal.changes.map((change) => (
          <Change key={change.id} change={change} />
        ))}
        {props.decides && <Answer proposal={proposal} onAsk={props.onAsk} />}
      </div>
    </article>
  );
}
