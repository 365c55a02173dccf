import type { Schemas } from '../../lib/api/client';
import type { Say } from '../../lib/i18n/useShipped';
import { useText } from '../../lib/i18n/useText';

const asWritten: Say = (text) => text;

function Cell({ cell, say }: { cell: Schemas['LegalCell']; say: Say }) {
  const t = useText();
  if (!cell.missing) return <>{say(cell.text)}</>;
  return (
    <span className="legal-missing">
      <b>{t('legal.missing')}</b> <span className="quiet">{cell.text}</span>
    </span>
  );
}

/** A titled table of a document for the law; `say` puts what rules state into another language. */
export function Section({ section, say = asWritten }: { section: Schemas['LegalSection']; say?: Say }) {
  const { title, lead, columns, rows } = section;
  return (
    <section className="legal-section">
      <h2>{title}</h2>
      {lead && <p className="quiet legal-lead">{lead}</p>}
      {rows.length > 0 && (
        <div className="card scroll" tabIndex={0} role="region" aria-label={title}>
          <table>
            {columns.length > 0 && (
              <thead>
                <tr>
                  {columns.map((column) => (
                    <th key={column}>{column}</th>
                  ))}
                </tr>
              </thead>
            )}
            <tbody>
              {rows.map((row, index) => (
                <tr key={index}>
                  {row.map((cell, at) =>
                    at === 0 && row.length > 1 ? (
                      <th key={at} scope="row">
                        <Cell cell={cell} say={say} />
                      </th>
                    ) : (
                      <td key={at}>
                        <Cell cell={cell} say={say} />
                      </td>
                    ),
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
