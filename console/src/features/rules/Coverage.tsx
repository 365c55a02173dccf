import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router-dom';
import { RuleWords } from '../../components/ServerWords';
import { Answer } from '../../components/States';
import type { Schemas } from '../../lib/api/client';
import { coverageQuery } from '../../lib/api/lists';
import { wordOf } from '../../lib/i18n/text';
import { useText } from '../../lib/i18n/useText';
import { RulesTabs } from './RulesTabs';

type Row = Schemas['CoverageMatrix']['items'][number];
type Rule = Row['rules'][number];

const kDirections = ['inbound', 'outbound', 'transhipment'] as const;

/** `a|b`: one of them is enough. */
function useTypes() {
  const t = useText();
  return (needs: readonly string[]) =>
    needs.map((need) =>
      need
        .split('|')
        .map((type) => wordOf(t, 'event_word', type))
        .join(` ${t('coverage.or')} `),
    );
}

/** What keeps a rule from judging at this site. */
function Idle({ rule: { state, lacks } }: { rule: Rule }) {
  const t = useText();
  const types = useTypes();
  if (state === 'judges') return <>{t('coverage.judges')}</>;
  return (
    <span className="tag open">
      {state === 'off' ? t('rule.off') : t('coverage.lacks', { types: types(lacks).join('; ') })}
    </span>
  );
}

function RuleRow({ rule }: { rule: Rule }) {
  const t = useText();
  return (
    <tr className="for-it">
      <td>
        <Link to={`/rules/${rule.rule_id}`}>
          <RuleWords of={rule.title} />
        </Link>
      </td>
      {kDirections.map((direction) => (
        <td key={direction} className="number">
          {rule.directions.includes(direction) && (
            <>
              <span aria-hidden="true">●</span>
              <span className="hidden">{t('coverage.looks')}</span>
            </>
          )}
        </td>
      ))}
      <td className="small">
        <Idle rule={rule} />
      </td>
    </tr>
  );
}

/** How many rules look for it in this direction; open where it is known there, and none does. */
function Count({ row, direction }: { row: Row; direction: (typeof kDirections)[number] }) {
  const t = useText();
  const own = row.rules.filter(({ directions }) => directions.includes(direction));
  if (own.length > 0) return <td className="number">{own.length}</td>;
  const isKnown = row.directions.includes(direction);
  return (
    <td className="number">
      {isKnown ? <span className="tag open">{t('coverage.open')}</span> : <span className="quiet">–</span>}
    </td>
  );
}

/** Why there is none: because the program ships none, or because this site's rules have none any more. */
function Why({ row }: { row: Row }) {
  const t = useText();
  if (row.rules.length > 0) return null;
  return <p className="small">{row.why === '' ? t('coverage.none_in_force') : wordOf(t, 'mo_why', row.mo)}</p>;
}

function ModusOperandi({ row }: { row: Row }) {
  const t = useText();
  const types = useTypes();
  const one = [...new Set(row.events.flatMap((need) => need.split('|')))];
  return (
    <tbody>
      <tr className="mo">
        <th scope="rowgroup">
          <span className="tag">{row.mo}</span> {wordOf(t, 'mo', row.mo)}
          <Why row={row} />
        </th>
        {kDirections.map((direction) => (
          <Count key={direction} row={row} direction={direction} />
        ))}
        <td className="small quiet">{types(one).join(', ')}</td>
      </tr>
      {row.rules.map((rule) => (
        <RuleRow key={rule.rule_id} rule={rule} />
      ))}
    </tbody>
  );
}

function Matrix({ items }: { items: Row[] }) {
  const t = useText();
  return (
    <div className="card scroll" tabIndex={0} role="region" aria-label={t('coverage.title')}>
      <table className="coverage-matrix">
        <thead>
          <tr>
            <th>{t('rule.mo')}</th>
            {kDirections.map((direction) => (
              <th key={direction} className="number">
                {t(`direction.${direction}`)}
              </th>
            ))}
            <th>{t('coverage.needs')}</th>
          </tr>
        </thead>
        {items.map((row) => (
          <ModusOperandi key={row.mo} row={row} />
        ))}
      </table>
    </div>
  );
}

/** How many have a rule, and how many one that can judge here. */
function Sum({ items }: { items: Row[] }) {
  const t = useText();
  const has = items.filter(({ rules }) => rules.length > 0);
  const judged = has.filter(({ rules }) => rules.some(({ state }) => state === 'judges'));
  return <p>{t('coverage.sum', { all: items.length, has: has.length, judged: judged.length })}</p>;
}

/** Which rules in force are for which modus operandi, in which direction, and where nothing looks. */
export function Coverage() {
  const t = useText();
  const answer = useQuery(coverageQuery);
  return (
    <div className="sheet">
      <h1>{t('coverage.title')}</h1>
      <RulesTabs />
      <p className="quiet rule-text">{t('coverage.lead')}</p>
      <Answer of={answer}>
        {({ items }) => (
          <>
            <Sum items={items} />
            <Matrix items={items} />
          </>
        )}
      </Answer>
    </div>
  );
}
