import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router-dom';
import { Level } from '../../components/Level';
import { isSubjectKind, timelineLink } from '../../components/links';
import { RuleWords } from '../../components/ServerWords';
import { Time } from '../../components/Time';
import type { Schemas } from '../../lib/api/client';
import { rulesQuery } from '../../lib/api/lists';
import { wordOf } from '../../lib/i18n/text';
import { useMessage } from '../../lib/i18n/useShipped';
import { useText } from '../../lib/i18n/useText';
import { byEffect, differs, raising, unjudged } from './trial';

type Result = Schemas['BacktestResult'];
type Rule = Result['rules'][number];
type Example = Result['examples'][number];

/** A number, or where it moved from and to. */
function Moved({ before, now }: { before: number | undefined; now: number | undefined }) {
  if (before === now || before === undefined || now === undefined) return <>{now ?? before}</>;
  return (
    <>
      {before} → {now}
    </>
  );
}

function RuleRow({ rule }: { rule: Rule }) {
  const t = useText();
  const { before, now } = rule;
  return (
    <tr>
      <th scope="row">
        <RuleWords of={rule.title} />{' '}
        {!before && <span className="tag">{t('rule_effect.new')}</span>}
        {!now && <span className="tag">{t('rule_effect.gone')}</span>}
      </th>
      <td className="number">{before?.alerts ?? '–'}</td>
      <td className="number">{now?.alerts ?? '–'}</td>
      {(['appear', 'disappear', 'change'] as const).map((effect) => (
        <td key={effect} className="number">
          {rule[effect] || <span className="quiet">0</span>}
        </td>
      ))}
      <td className="number">
        <Moved before={before?.asked} now={now?.asked} />
      </td>
      <td className="number">
        <Moved before={before ? unjudged(before) : undefined} now={now ? unjudged(now) : undefined} />
      </td>
    </tr>
  );
}

function RuleTable({ rules, label }: { rules: Rule[]; label: string }) {
  const t = useText();
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={label}>
      <table className="trial-rules">
        <thead>
          <tr>
            <th>{t('alert.rule')}</th>
            {(['before', 'now', 'appear', 'disappear', 'change'] as const).map((figure) => (
              <th key={figure} className="number">
                {t(`rule_set.figure.${figure}`)}
              </th>
            ))}
            <th className="number">{t('trial.asked')}</th>
            <th className="number">{t('trial.unjudged')}</th>
          </tr>
        </thead>
        <tbody>
          {rules.map((rule) => (
            <RuleRow key={rule.rule_id} rule={rule} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What each rule gives and costs: those that differ, and the others on demand. */
export function TrialRules({ rules }: { rules: Rule[] }) {
  const t = useText();
  const { data } = useQuery(rulesQuery);
  const joined = new Set(data?.items.filter((each) => !each.raises_alerts).map((each) => each.rule_id));
  const sorted = byEffect(raising(rules, joined));
  const [other, same] = [sorted.filter(differs), sorted.filter((rule) => !differs(rule))];
  const sameOnes = t('trial.same', { count: same.length });
  return (
    <>
      {other.length === 0 ? <p className="quiet">{t('trial.no_difference')}</p> : <RuleTable rules={other} label={t('trial.rules')} />}
      {same.length > 0 && (
        <details>
          <summary>{sameOnes}</summary>
          <RuleTable rules={same} label={sameOnes} />
        </details>
      )}
    </>
  );
}

function Subjects({ of }: { of: Example }) {
  return (
    <>
      {of.subjects.map(({ kind, value, label }, at) => (
        <span key={at}>
          {isSubjectKind(kind) ? <Link to={timelineLink(kind, value)}>{label}</Link> : label}{' '}
        </span>
      ))}
    </>
  );
}

/** What of an alert differs; of levels and states the words are ours. */
function useDifferenceText() {
  const t = useText();
  const tell = useMessage();
  return (text: string) => {
    const said = tell(text);
    const [, of, ...words] = /^(level|status): (\w+), now (\w+)$/.exec(text) ?? [];
    return said === text || !of ? said : words.reduce((out, word) => out.replace(word, wordOf(t, of, word)), said);
  };
}

/** Some of the alerts that come, go or change, to be looked at where they happened. */
export function TrialExamples({ examples, of }: { examples: Example[]; of: Schemas['BacktestFigures'] }) {
  const t = useText();
  const differenceText = useDifferenceText();
  return (
    <>
      {(['appear', 'disappear', 'change'] as const).map((effect) => {
        const some = examples.filter((each) => each.effect === effect);
        if (some.length === 0) return null;
        return (
          <details key={effect} className="change">
            <summary>
              {t(`trial.examples.${effect}`)}{' '}
              {some.length === of[effect] ? of[effect] : t('trial.some', { shown: some.length, all: of[effect] })}
            </summary>
            <ul className="trial-examples">
              {some.map((each) => (
                <li key={each.alert_id}>
                  <Level level={each.level} /> <Time at={each.event_time} /> <Subjects of={each} />
                  <RuleWords of={each.title} />
                  {each.differences.length > 0 && (
                    <span className="quiet"> {each.differences.map(differenceText).join('; ')}</span>
                  )}
                </li>
              ))}
            </ul>
          </details>
        );
      })}
    </>
  );
}
