import type { Alert } from '../lib/api/alerts';
import type { Shape } from '../lib/time';
import { Meaning } from './ServerWords';
import { Value } from './Value';

/** What was true just before the event: each fact in a sentence with its values. */
export function Facts({ facts, shape = 'second' }: { facts: Alert['facts']; shape?: Shape }) {
  return (
    <table className="facts">
      <tbody>
        {facts.map(({ name, values, unit, sentence }) => (
          <tr key={name}>
            <td>
              <Meaning of={sentence} />
              <br />
              <span className="fixed quiet small">{name}</span>
            </td>
            <td>
              {values.map((value, index) => (
                <span key={index}>
                  {index > 0 && ', '}
                  <Value text={value} shape={shape} />
                </span>
              ))}
              {unit && ` ${unit}`}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
