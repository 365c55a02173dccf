import type { Schemas } from '../../lib/api/client';
import { useText } from '../../lib/i18n/useText';

function Cell({ cell }: { cell: Schemas['LegalCell'] }) {
  const t = useText();
  if (!cell.missing) return <>{cell.text}</>;
  return (
    <span className="legal-missing">
      <b>{t('legal.missing')}</b> <span className="quiet">{cell.text}</span>
    </span>
  );
}

/** A titled table of a document for the law. */
export function Section({ section: { title, lead, columns, rows } }: { section: Schemas['LegalSection'] }) {
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
                        <Cell cell={cell} />
                      </th>
                    ) : (
                      <td key={at}>
                        <Cell cell={cell} />
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
