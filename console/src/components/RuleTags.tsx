import { wordOf } from '../lib/i18n/text';
import { useText } from '../lib/i18n/useText';

/** What a rule holds up and against what, by number; the words are under the pointer. */
export function RuleTags({ invariant, mo = [] }: { invariant: string; mo?: readonly string[] }) {
  const t = useText();
  return (
    <>
      {invariant && (
        <span className="tag" title={wordOf(t, 'invariant', invariant)}>
          {invariant}
        </span>
      )}
      {mo.map((number) => (
        <span key={number} className="tag" title={wordOf(t, 'mo', number)}>
          {number}
        </span>
      ))}
    </>
  );
}
