import { createContext, useContext } from 'react';
import { Link } from 'react-router-dom';
import { useLanguage, useText } from '../../lib/i18n/useText';
import { kParts, watchLink, type Behind, type Counts } from './figures';

/** The period of the page, for links to what is behind a number; null: the reader may not follow them. */
export const PeriodContext = createContext<{ from?: string; until?: string; facility?: string } | null>(null);

/** A number that leads to the alerts that make it up, where the reader may see them. */
export function Figure({ n, behind }: { n: number | null | undefined; behind?: Behind }) {
  const t = useText();
  const language = useLanguage();
  const period = useContext(PeriodContext);
  if (n === undefined) return null;
  if (n === null)
    return (
      <span className="quiet" title={t('kpi.not_shown')}>
        <span aria-hidden="true">·</span>
        <span className="hidden">{t('kpi.not_shown')}</span>
      </span>
    );
  if (n === 0) return <span className="quiet">0</span>;
  const text = n.toLocaleString(language);
  return behind && period ? <Link to={watchLink({ ...behind }, period)}>{text}</Link> : <>{text}</>;
}

/** The parts of a total beside each other; every table has their numbers too. */
export function Bar({ counts }: { counts: Counts }) {
  const total = counts.total ?? 0;
  let x = 0;
  return (
    <svg className="kpi-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect className="kpi-all" width={100} height={10} />
      {kParts.map((part) => {
        const width = total > 0 ? (100 * (counts.parts[part] ?? 0)) / total : 0;
        const at = x;
        x += width;
        return <rect key={part} className={`kpi-${part}`} x={at} width={width} height={10} />;
      })}
    </svg>
  );
}
