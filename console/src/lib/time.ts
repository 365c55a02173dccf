/** Times as people read them: local to the port, UTC on demand, and how long ago. Input is RFC 3339 in UTC. */
export type Shape = 'time' | 'minute' | 'second' | 'day' | 'full';

const kShapes: Record<Shape, Intl.DateTimeFormatOptions> = {
  time: { hour: '2-digit', minute: '2-digit' },
  minute: { day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit' },
  second: { day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  day: { weekday: 'short', day: '2-digit', month: 'short', year: 'numeric' },
  // What leaves the console: nobody who reads it later knows the year or the zone.
  full: {
    day: '2-digit',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  },
};

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(language: string, zone: string, shape: Shape): Intl.DateTimeFormat {
  const key = `${language} ${zone} ${shape}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
      ...kShapes[shape],
      hourCycle: 'h23',
      timeZone: zone,
    });
    formats.set(key, format);
  }
  return format;
}

export const millis = (iso: string) => Date.parse(iso);

export function localTime(at: string | number, zone: string, language: string, shape: Shape): string {
  const value = typeof at === 'number' ? at : millis(at);
  return Number.isNaN(value) ? String(at) : formatOf(language, zone, shape).format(value).replace(',', '');
}

/** The text of the server, only easier on the eye: 2026-03-12 12:17:00.559Z. */
export const utcTime = (iso: string) => iso.replace('T', ' ');

const kUnits: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000_000],
  ['month', 2_628_000_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

type Relative = Pick<Intl.RelativeTimeFormatOptions, 'numeric' | 'style'>;

/** Counted from two on, when what is cut off is a third at most: 36 h rather than 1 d, 43 d rather than a month. */
const kFromTwo: readonly Intl.RelativeTimeFormatUnit[] = ['year', 'month', 'day'];
/** Their short forms are those of minutes in some languages: `hace 2 m`. */
const kInFull: readonly Intl.RelativeTimeFormatUnit[] = ['year', 'month'];

const relatives = new Map<string, Intl.RelativeTimeFormat>();

function relativeOf(language: string, { numeric, style }: Relative): Intl.RelativeTimeFormat {
  const key = `${language} ${numeric} ${style}`;
  const format = relatives.get(key) ?? new Intl.RelativeTimeFormat(language, { numeric, style });
  relatives.set(key, format);
  return format;
}

/** `3h ago`, `in 20m`, `43d ago`, never `last month`; under a minute `now`, in the words of the language. */
export function age(at: string | number, now: number, language: string): string {
  const distance = (typeof at === 'number' ? at : millis(at)) - now;
  for (const [unit, size] of kUnits) {
    if (Math.abs(distance) < (kFromTwo.includes(unit) ? 2 * size : size)) continue;
    const style = kInFull.includes(unit) ? 'long' : 'narrow';
    return relativeOf(language, { numeric: 'always', style }).format(Math.trunc(distance / size), unit);
  }
  return relativeOf(language, { numeric: 'auto', style: 'narrow' }).format(0, 'second');
}

const dayCounts = new Map<string, Intl.RelativeTimeFormat>();

/** `38 days ago` where `age` says that it was last month; less than two days as there. */
export function ageInDays(at: string | number, now: number, language: string): string {
  const days = Math.trunc(((typeof at === 'number' ? at : millis(at)) - now) / 86_400_000);
  if (Math.abs(days) < 2) return age(at, now, language);
  const format = dayCounts.get(language) ?? new Intl.RelativeTimeFormat(language, { style: 'long' });
  dayCounts.set(language, format);
  return format.format(days, 'day');
}

/** A length such as 36 min or 2 d 4 h, for the distance of two clocks. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  if (seconds < 1) return `${Math.abs(Math.round(milliseconds))} ms`;
  const parts: [number, string][] = [
    [Math.floor(seconds / 86400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([n]) => n > 0);
  return parts
    .slice(first, first + 2)
    .filter(([n]) => n > 0)
    .map(([n, unit]) => `${n} ${unit}`)
    .join(' ');
}

export const localZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
