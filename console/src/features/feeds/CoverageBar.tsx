import { useId } from 'react';
import { useZone } from '../../components/Time';
import type { Schemas } from '../../lib/api/client';
import { coverageOf, holesOf, type Interval } from '../../lib/feeds';
import { useLanguage, useText } from '../../lib/i18n/useText';
import { localTime } from '../../lib/time';

const kWidth = 320;

const place = (span: Interval, { from, until }: Interval) => {
  const scale = kWidth / (span.until - span.from);
  return { x: (from - span.from) * scale, width: Math.max((until - from) * scale, 1.5) };
};

/** What a feed answers for, on the time of all feeds; holes are hatched, and said in words. */
export function CoverageBar({ feed, span }: { feed: Schemas['Feed']; span: Interval | null }) {
  const t = useText();
  const zone = useZone();
  const language = useLanguage();
  const hatch = useId();
  const covered = coverageOf(feed);
  if (!span || covered.length === 0) return <span className="quiet">{t('feed.no_contract')}</span>;
  const holes = holesOf(covered);
  const when = (at: number) => localTime(at, zone, language, 'minute');
  const words =
    holes.length === 0
      ? t('feed.no_hole')
      : holes.map(({ from, until }) => t('feed.hole', { from: when(from), until: when(until) })).join(', ');
  return (
    <svg className="coverage" viewBox={`0 0 ${kWidth} 14`} preserveAspectRatio="none" role="img" aria-label={words}>
      <title>{words}</title>
      <pattern id={hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="2" height="5" className="hatch" />
      </pattern>
      <rect className="base" y={6} width={kWidth} height={2} />
      {covered.map((interval) => (
        <rect key={interval.from} className="covered" y={1} height={12} {...place(span, interval)} />
      ))}
      {holes.map((interval) => (
        <rect
          key={interval.from}
          className="hole"
          y={1}
          height={12}
          fill={`url(#${hatch})`}
          {...place(span, interval)}
        />
      ))}
    </svg>
  );
}

export function CoverageAxis({ span }: { span: Interval }) {
  const zone = useZone();
  const language = useLanguage();
  return (
    <span className="coverage-axis">
      <span>{localTime(span.from, zone, language, 'minute')}</span>
      <span>{localTime(span.until, zone, language, 'minute')}</span>
    </span>
  );
}
