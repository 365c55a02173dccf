import { kTimes, type Counts, type Kpis } from './figures';
import { save } from '../../lib/save';

type Line = (string | number | null)[];

/** Quoted where it must be; a text that a spreadsheet would take for a formula is made a text. */
function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const lines = (table: string, row: string, title: string, { total, parts }: Counts): Line[] => [
  [table, row, title, 'total', total],
  ...Object.entries(parts).map(([part, n]): Line => [table, row, title, part, n]),
];

const kDivided = [
  'alerts',
  'open',
  'dismissed',
  'closed',
  'cases_opened',
  'cases_closed',
  'cases_cleared',
  'holds',
] as const;

/** One number a line, in the words of the interface; what is not shown is empty. */
export function csvOf(k: Kpis, period: { from?: string; until?: string; facility?: string }): string {
  const out: Line[] = [
    ['table', 'row', 'title', 'figure', 'value'],
    ['about', '', '', 'from', period.from ?? null],
    ['about', '', '', 'until', period.until ?? null],
    ['about', '', '', 'facility', period.facility ?? null],
    ['about', '', '', 'as_of', k.as_of],
    ['about', '', '', 'small_cells', k.small_cells],
    ['about', '', '', 'small_cell', k.small_cell],
  ];
  for (const table of kDivided) out.push(...lines(table, '', '', k[table]));
  for (const table of ['by_level', 'by_rule', 'by_facility', 'dismissals'] as const) {
    for (const { key, title, counts } of k[table].rows) out.push(...lines(table, key, title ?? '', counts));
    if (k[table].rest) out.push(...lines(table, 'rest', '', k[table].rest));
  }
  for (const time of kTimes)
    for (const figure of ['count', 'median_s', 'p90_s'] as const)
      out.push(['times', time, '', figure, k.times[time][figure]]);
  return `${out.map((line) => line.map(cell).join(',')).join('\r\n')}\r\n`;
}

export const download = (name: string, text: string) => save(name, new Blob([text], { type: 'text/csv' }));
