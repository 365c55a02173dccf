import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { Level } from '../../components/Level';
import { outcomeWord } from '../../components/outcome';
import { RuleWords } from '../../components/ServerWords';
import type { Schemas } from '../../lib/api/client';
import type { Key } from '../../lib/i18n/text';
import { useText } from '../../lib/i18n/useText';
import { duration } from '../../lib/time';
import { kLevels } from '../../lib/queue';
import { Bar, Figure } from './Figure';
import {
  byTotal,
  divisions,
  filled,
  kParts,
  kTimes,
  share,
  type Behind,
  type Counts,
  type Kpis,
  type Row,
} from './figures';

type Table = Schemas['KpiTable'];

function Part({ title, wide, children }: { title: string; wide?: boolean; children: ReactNode }) {
  return (
    <section className={wide ? 'card scroll kpi-wide' : 'card scroll'} tabIndex={0} aria-label={title}>
      <header>
        <h2>{title}</h2>
      </header>
      {children}
    </section>
  );
}

function PartHeads() {
  const t = useText();
  return (
    <>
      <th className="number">{t('kpi.received')}</th>
      {kParts.map((part) => (
        <th key={part} className="number">
          <span className={`kpi-key kpi-${part}`} aria-hidden="true" /> {t(`kpi.part.${part}`)}
        </th>
      ))}
      <th className="kpi-bar-head">{t('kpi.bar')}</th>
    </>
  );
}

function PartCells({ counts, behind }: { counts: Counts; behind?: Behind }) {
  return (
    <>
      <td className="number">
        <Figure n={counts.total} {...(behind ? { behind } : {})} />
      </td>
      {kParts.map((part) => (
        <td key={part} className="number">
          <Figure n={counts.parts[part]} {...(behind ? { behind: { ...behind, outcome: part } } : {})} />
        </td>
      ))}
      <td>
        <Bar counts={counts} />
      </td>
    </>
  );
}

/** Rows of the same parts; `name` and `behind` say what a row is. */
function PartTable({
  title,
  head,
  table,
  rows,
  name,
  behind,
}: {
  title: string;
  head: string;
  table: Table;
  rows: Row[];
  name: (row: Row) => ReactNode;
  behind: (row: Row) => Behind;
}) {
  const t = useText();
  return (
    <Part title={title} wide>
      <table>
        <thead>
          <tr>
            <th>{head}</th>
            <PartHeads />
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">{name(row)}</th>
              <PartCells counts={row.counts} behind={behind(row)} />
            </tr>
          ))}
          {table.rest && (
            <tr>
              <th scope="row" className="quiet">
                {t('kpi.rest')}
              </th>
              <PartCells counts={table.rest} />
            </tr>
          )}
        </tbody>
      </table>
    </Part>
  );
}

export function ByLevel({ k }: { k: Kpis }) {
  const t = useText();
  const rank = ({ key }: Row) => kLevels.indexOf(key as Schemas['Level']);
  return (
    <PartTable
      title={t('kpi.by_level')}
      head={t('filter.level')}
      table={k.by_level}
      rows={[...k.by_level.rows].sort((a, b) => rank(a) - rank(b))}
      name={({ key }) => <Level level={key as Schemas['Level']} />}
      behind={({ key }) => ({ level: key })}
    />
  );
}

export function ByFacility({ k }: { k: Kpis }) {
  const t = useText();
  return (
    <PartTable
      title={t('kpi.by_facility')}
      head={t('kpi.facility')}
      table={k.by_facility}
      rows={[...k.by_facility.rows].sort(byTotal)}
      name={({ key }) => key || t('value.unknown')}
      behind={({ key }) => ({ facility: key })}
    />
  );
}

function Why({ counts }: { counts: Counts | undefined }) {
  const t = useText();
  if (!counts) return null;
  return (
    <span className="small kpi-why">
      {filled(counts)
        .filter(([, n]) => n !== null)
        .map(([word, n]) => `${outcomeWord(t, 'dismissed', word)} ${n}`)
        .join(' · ')}
    </span>
  );
}

/** What works and what to tune: how much of each rule was dismissed, and as what. */
export function ByRule({ k }: { k: Kpis }) {
  const t = useText();
  const same = (a: Row, b: Row) => a.key === b.key && a.level === b.level;
  return (
    <Part title={t('kpi.by_rule')} wide>
      <table>
        <thead>
          <tr>
            <th>{t('filter.level')}</th>
            <th>{t('alert.rule')}</th>
            <PartHeads />
            <th className="number">{t('kpi.dismissed_share')}</th>
            <th>{t('kpi.dismissed_for')}</th>
          </tr>
        </thead>
        <tbody>
          {[...k.by_rule.rows].sort(byTotal).map((row) => {
            const dismissed = share(row.counts.parts.dismissed, row.counts.total);
            return (
              <tr key={`${row.level} ${row.key}`}>
                <td>{row.level && <Level level={row.level} />}</td>
                <th scope="row" className="kpi-rule">
                  <Link to={`/rules/${row.key}`}>
                    <RuleWords of={row.title ?? ''} />
                  </Link>
                </th>
                <PartCells counts={row.counts} behind={{ rule: row.key, ...(row.level ? { level: row.level } : {}) }} />
                <td className="number">{dismissed === null ? '' : `${dismissed} %`}</td>
                <td>
                  <Why counts={k.dismissals.rows.find((other) => same(row, other))?.counts} />
                </td>
              </tr>
            );
          })}
          {k.by_rule.rest && (
            <tr>
              <td />
              <th scope="row" className="quiet">
                {t('kpi.rest')}
              </th>
              <PartCells counts={k.by_rule.rest} />
              <td />
              <td />
            </tr>
          )}
        </tbody>
      </table>
    </Part>
  );
}

export function Times({ k }: { k: Kpis }) {
  const t = useText();
  const time = (seconds: number | null) => (seconds === null ? '–' : duration(seconds * 1000));
  return (
    <Part title={t('kpi.times')}>
      <table>
        <thead>
          <tr>
            <th>{t('kpi.step')}</th>
            <th className="number">{t('kpi.median')}</th>
            <th className="number">{t('kpi.p90')}</th>
            <th className="number">{t('kpi.count')}</th>
          </tr>
        </thead>
        <tbody>
          {kTimes.map((name) => (
            <tr key={name}>
              <th scope="row">{t(`kpi.time.${name}`)}</th>
              <td className="number nowrap">{time(k.times[name].median_s)}</td>
              <td className="number nowrap">{time(k.times[name].p90_s)}</td>
              <td className="number">
                <Figure n={k.times[name].count} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Part>
  );
}

/** A total and what it is divided into, without alerts behind it. */
export function Divided({ title, counts, word }: { title: Key; counts: Counts; word: (part: string) => string }) {
  const t = useText();
  return (
    <Part title={t(title)}>
      <table>
        <tbody>
          <tr className="kpi-total">
            <th scope="row">{t('kpi.total')}</th>
            <td className="number">
              <Figure n={counts.total} />
            </td>
          </tr>
          {divisions(counts).map(([part, n]) => (
            <tr key={part} className="kpi-word">
              <th scope="row">{part ? word(part) : t('kpi.divisions')}</th>
              <td className="number">
                <Figure n={n} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Part>
  );
}
