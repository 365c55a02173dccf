import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from 'react-router-dom';
import { Level } from '../../components/Level';
import { RuleTags } from '../../components/RuleTags';
import { RuleWords } from '../../components/ServerWords';
import { Answer, Empty } from '../../components/States';
import type { Schemas } from '../../lib/api/client';
import { ruleQuery, rulesQuery } from '../../lib/api/lists';
import { hasRole, useSession } from '../../lib/api/session';
import { wordOf } from '../../lib/i18n/text';
import { useRuleText, type Say } from '../../lib/i18n/useShipped';
import { useText } from '../../lib/i18n/useText';
import { kLevels } from '../../lib/queue';
import { Coverage } from './Coverage';
import { EditRules } from './EditRules';
import { RuleSets } from './RuleSets';
import { RulesTabs } from './RulesTabs';
import './rules.css';

type Rule = Schemas['Rule'];

/** In the place of a rule's id. */
const kEdit = 'edit';
const kCoverage = 'coverage';

/** How much of what a rule was asked it could judge: the rest is unknown, which is never clean. */
function Judged({ rule: { asked, not_evaluated, off } }: { rule: Rule }) {
  const t = useText();
  // Not told to who may not see every feed.
  if (asked === null) return <span className="quiet">{t('rule.counts.not_yours')}</span>;
  if (asked === 0) return <span className="quiet">{t('rule.never_asked')}</span>;
  const judged = asked - [off, ...Object.values(not_evaluated)].reduce<number>((sum, n) => sum + (n ?? 0), 0);
  return (
    <span className="judged">
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect className="all" width={100} height={8} />
        <rect className="done" width={(100 * judged) / asked} height={8} />
      </svg>
      {t('rule.judged', { judged, asked })}
    </span>
  );
}

const byLevel = (say: Say) => (a: Rule, b: Rule) =>
  kLevels.indexOf(a.level) - kLevels.indexOf(b.level) || say(a.title).localeCompare(say(b.title));

/** What others join has no page of its own where it has no id. */
function RuleName({ rule: { rule_id, title } }: { rule: Rule }) {
  if (rule_id === '') return <RuleWords of={title} />;
  return (
    <Link to={`/rules/${rule_id}`}>
      <RuleWords of={title} />
    </Link>
  );
}

function RuleRow({ rule }: { rule: Rule }) {
  const t = useText();
  const navigate = useNavigate();
  const open = rule.rule_id === '' ? undefined : () => navigate(`/rules/${rule.rule_id}`);
  return (
    <tr className={open && 'linked'} onClick={open}>
      <td>
        <Raises rule={rule} />
      </td>
      <td>
        <RuleName rule={rule} /> <Off rule={rule} />
      </td>
      <td title={rule.invariant && wordOf(t, 'invariant', rule.invariant)}>{rule.invariant}</td>
      <td title={rule.mo.map((number) => wordOf(t, 'mo', number)).join('; ')}>{rule.mo.join(', ')}</td>
      <td>{wordOf(t, 'rule_status', rule.status)}</td>
      <td>
        <Judged rule={rule} />
      </td>
      <td className="number">{rule.alerts || <span className="quiet">0</span>}</td>
    </tr>
  );
}

function RuleTable({ rules, label }: { rules: Rule[]; label: string }) {
  const t = useText();
  const say = useRuleText();
  return (
    <div className="card scroll" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            <th>{t('filter.level')}</th>
            <th>{t('alert.rule')}</th>
            <th>{t('rule.invariant')}</th>
            <th>{t('rule.mo')}</th>
            <th>{t('rule.status')}</th>
            <th>{t('rule.coverage')}</th>
            <th className="number">{t('rule.alerts')}</th>
          </tr>
        </thead>
        <tbody>
          {[...rules].sort(byLevel(say)).map((rule) => (
            <RuleRow key={rule.rule_id || rule.title} rule={rule} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Those that alert, as many as are said to be in force; what they join stands apart. */
function RuleTables({ rules }: { rules: Rule[] }) {
  const t = useText();
  const joined = rules.filter((rule) => !rule.raises_alerts);
  const label = t('rule.joined.count', { count: joined.length });
  return (
    <>
      <RuleTable rules={rules.filter((rule) => rule.raises_alerts)} label={t('page.rules')} />
      {joined.length > 0 && (
        <details className="rules-joined">
          <summary>{label}</summary>
          <RuleTable rules={joined} label={label} />
        </details>
      )}
    </>
  );
}

function RuleList() {
  const t = useText();
  const answer = useQuery(rulesQuery);
  return (
    <div className="sheet">
      <h1>{t('page.rules')}</h1>
      <RulesTabs />
      <RuleSets />
      <h2>{t('rule_set.list')}</h2>
      <Answer of={answer}>
        {({ items }) =>
          items.length === 0 ? <Empty title="rule.none" next="rule.none.next" /> : <RuleTables rules={items} />
        }
      </Answer>
    </div>
  );
}

/** A rule on staff data that no agreement covers is not tried. */
function Off({ rule }: { rule: Rule }) {
  const t = useText();
  return rule.is_off ? <span className="tag open">{t('rule.off')}</span> : null;
}

function Raises({ rule }: { rule: Schemas['Rule'] }) {
  const t = useText();
  if (rule.raises_alerts) return <Level level={rule.level} />;
  return (
    <span className="tag" title={t('rule.joined.what')}>
      {t('rule.joined')}
    </span>
  );
}

function RuleShown({ detail }: { detail: Schemas['RuleDetail'] }) {
  const t = useText();
  const edits = hasRole(useSession(), ['officer']);
  const { rule } = detail;
  const open = Object.entries(rule.not_evaluated);
  return (
    <>
      <div>
        <div className="row wrap">
          <Raises rule={rule} />
          <RuleTags invariant={rule.invariant} mo={rule.mo} />
          <span className="tag">{wordOf(t, 'rule_status', rule.status)}</span>
          <Off rule={rule} />
          <span className="fixed quiet small">
            {rule.rule_id} {rule.version}
          </span>
        </div>
        <h1>
          <RuleWords of={rule.title} />
        </h1>
        <p className="rule-text">
          <RuleWords of={rule.description} />
        </p>
        <p>
          <Link to={`/watch?state=all&rule=${rule.rule_id}`}>{t('rule.its_alerts', { count: rule.alerts })}</Link>
        </p>
      </div>
      <section className="card">
        <header>
          <h2>{t('rule.coverage')}</h2>
          <Judged rule={rule} />
        </header>
        <dl className="pad rule-parts">
          <dt>{t('rule.types')}</dt>
          <dd className="fixed">{rule.types.join(', ')}</dd>
          <dt>{t('rule.requires')}</dt>
          <dd className="fixed">{rule.requires.join(', ') || t('rule.requires.none')}</dd>
          {rule.reads_staff_data && (
            <div>
              <dt>{t('rule.staff')}</dt>
              <dd>
                {!rule.is_off
                  ? t('rule.staff.on')
                  : rule.off === null
                    ? t('rule.off')
                    : t('rule.staff.off', { count: rule.off })}
              </dd>
            </div>
          )}
          {open.map(([cause, count]) => (
            <div key={cause}>
              <dt>{t('alert.not_evaluated')}</dt>
              <dd>
                {count !== null && `${t('count.events', { count })}: `}
                {wordOf(t, 'cause', cause)}
              </dd>
            </div>
          ))}
        </dl>
      </section>
      <div className="rule-columns">
        <section className="card">
          <header>
            <h2>{t('alert.do_now')}</h2>
          </header>
          <ol className="pad numbered">
            {detail.actions.map((action) => (
              <li key={action}>
                <RuleWords of={action} />
              </li>
            ))}
          </ol>
        </section>
        <section className="card">
          <header>
            <h2>{t('alert.rule_out')}</h2>
          </header>
          <ul className="pad dashed">
            {detail.innocent_causes.map((cause) => (
              <li key={cause}>
                <RuleWords of={cause} />
              </li>
            ))}
          </ul>
        </section>
      </div>
      <section className="card">
        <header>
          <h2>{t('rule.document')}</h2>
          {edits && (
            <Link className="button" to={`/rules/${kEdit}?rule=${rule.rule_id}`}>
              {t('rule_edit.this')}
            </Link>
          )}
        </header>
        <pre className="pad" tabIndex={0} aria-label={t('rule.document')} lang="en">
          {detail.text}
        </pre>
      </section>
    </>
  );
}

function OneRule({ ruleId }: { ruleId: string }) {
  const t = useText();
  const answer = useQuery(ruleQuery(ruleId));
  return (
    <div className="sheet">
      <p>
        <Link to="/rules">← {t('page.rules')}</Link>
      </p>
      <Answer of={answer}>{(detail) => <RuleShown detail={detail} />}</Answer>
    </div>
  );
}

export default function RulesPage() {
  const { ruleId } = useParams();
  if (ruleId === kEdit) return <EditRules />;
  if (ruleId === kCoverage) return <Coverage />;
  return ruleId ? <OneRule ruleId={ruleId} /> : <RuleList />;
}
