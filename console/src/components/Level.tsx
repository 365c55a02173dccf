import { useText } from '../lib/i18n/useText';
import type { Schemas } from '../lib/api/client';

type LevelName = Schemas['Level'];

/** Told apart by outline as well as by colour: octagon, triangle, diamond, disc, ring. */
const kOutlines: Record<LevelName, { path: string; solid: boolean }> = {
  critical: { path: 'M4.7 1h4.6L13 4.7v4.6L9.3 13H4.7L1 9.3V4.7z', solid: true },
  high: { path: 'M7 1.2 13.4 12.6H.6z', solid: true },
  medium: { path: 'M7 .8 13.2 7 7 13.2.8 7z', solid: true },
  low: { path: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9z', solid: true },
  informational: { path: 'M7 3a4 4 0 1 1 0 8 4 4 0 0 1 0-8z', solid: false },
};

export function LevelShape({ level, size = 13 }: { level: LevelName; size?: number }) {
  const { path, solid } = kOutlines[level];
  return (
    <svg width={size} height={size} viewBox="0 0 14 14" aria-hidden="true">
      <path d={path} fill={solid ? 'currentColor' : 'none'} stroke="currentColor" strokeWidth={solid ? 0 : 1.8} />
    </svg>
  );
}

export function Level({ level }: { level: LevelName }) {
  const t = useText();
  return (
    <span className={`level ${level}`}>
      <LevelShape level={level} />
      {t(`level.${level}`)}
    </span>
  );
}
