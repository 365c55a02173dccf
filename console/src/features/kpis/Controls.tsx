import { useText, useLanguage } from '../../lib/i18n/useText';
import { months } from './period';

const kMonths = 24;

type Given = {
  query: URLSearchParams;
  choice: string;
  facilities: string[];
  handsOn: boolean;
  /** The reader has no other form. */
  onlyHandsOn: boolean;
  now: number;
  onChange: (change: Record<string, string>) => void;
};

/** Period, facility and form; all of it in the address. */
export function Controls({ query, choice, facilities, handsOn, onlyHandsOn, now, onChange }: Given) {
  const t = useText();
  const language = useLanguage();
  const monthName = (month: string) =>
    new Date(`${month}-01T00:00:00Z`).toLocaleDateString(language, { month: 'long', year: 'numeric', timeZone: 'UTC' });
  const listed = months(now, kMonths);
  const day = (name: 'from' | 'to') => (
    <label className="row">
      <span>{t(`kpi.${name}`)}</span>
      <input
        className="input"
        type="date"
        value={query.get(name) ?? ''}
        onChange={(event) => onChange({ [name]: event.target.value })}
      />
    </label>
  );
  return (
    <div className="row wrap kpi-controls no-print">
      <label className="row">
        <span>{t('kpi.period')}</span>
        <select className="input" value={choice} onChange={(event) => onChange({ period: event.target.value })}>
          {[...listed, ...(listed.includes(choice) || !/^\d/.test(choice) || choice.endsWith('d') ? [] : [choice])].map(
            (month) => (
              <option key={month} value={month}>
                {monthName(month)}
              </option>
            ),
          )}
          {!handsOn &&
            (['7d', '30d', 'all', 'days'] as const).map((each) => (
              <option key={each} value={each}>
                {t(`kpi.period.${each}`)}
              </option>
            ))}
        </select>
      </label>
      {choice === 'days' && day('from')}
      {choice === 'days' && day('to')}
      {!handsOn && (
        <label className="row">
          <span>{t('kpi.facility')}</span>
          <select
            className="input"
            value={query.get('facility') ?? ''}
            onChange={(event) => onChange({ facility: event.target.value })}
          >
            <option value="">{t('kpi.facility.all')}</option>
            {facilities.map((facility) => (
              <option key={facility}>{facility}</option>
            ))}
          </select>
        </label>
      )}
      {!onlyHandsOn && (
        <label className="row">
          <input
            type="checkbox"
            checked={handsOn}
            onChange={(event) => onChange({ form: event.target.checked ? 'hand_on' : '' })}
          />
          <span>{t('kpi.hand_on')}</span>
        </label>
      )}
    </div>
  );
}
