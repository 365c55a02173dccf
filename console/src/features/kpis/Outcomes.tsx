import { outcomeWord } from '../../components/outcome';
import { useText } from '../../lib/i18n/useText';
import { Bar, Figure } from './Figure';
import { divisions, kParts, share, type Counts, type Kpis, type Part } from './figures';

const wordsOf = (k: Kpis, part: Part): Counts | undefined =>
  part === 'withdrawn' || part === 'excepted' ? undefined : k[part];

/** Part by part, each with what it is divided into; the first line is the sum of the bold ones. */
export function Outcomes({ k }: { k: Kpis }) {
  const t = useText();
  const { total, parts } = k.alerts;
  const percent = (n: number | null | undefined) => {
    const value = share(n, total);
    return value === null ? '' : `${value} %`;
  };
  return (
    <section className="card kpi-outcomes">
      <header>
        <h2>{t('kpi.came_of')}</h2>
      </header>
      <div className="pad">
        <Bar counts={k.alerts} />
      </div>
      <table>
        <thead>
          <tr>
            <th>{t('kpi.outcome')}</th>
            <th className="number">{t('kpi.alerts')}</th>
            <th className="number">{t('kpi.share')}</th>
          </tr>
        </thead>
        <tbody>
          <tr className="kpi-total">
            <th scope="row">{t('kpi.received')}</th>
            <td className="number">
              <Figure n={total} behind={{}} />
            </td>
            <td className="number">{percent(total)}</td>
          </tr>
          {kParts.map((part) => [
            <tr key={part} className="kpi-part">
              <th scope="row">
                <span className={`kpi-key kpi-${part}`} aria-hidden="true" /> {t(`kpi.part.${part}`)}
                <span className="quiet small"> {t(`kpi.meaning.${part}`)}</span>
              </th>
              <td className="number">
                <Figure n={parts[part]} behind={{ outcome: part }} />
              </td>
              <td className="number">{percent(parts[part])}</td>
            </tr>,
            ...divisions(wordsOf(k, part)).map(([word, n]) => (
              <tr key={`${part}.${word}`} className="kpi-word">
                <th scope="row">{word ? outcomeWord(t, part, word) : t('kpi.divisions')}</th>
                <td className="number">
                  <Figure n={n} behind={{ outcome: `${part}.${word}` }} />
                </td>
                <td className="number">{percent(n)}</td>
              </tr>
            )),
          ])}
        </tbody>
      </table>
    </section>
  );
}
