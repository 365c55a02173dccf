import { useMemo } from 'react';
import { useText } from '../../lib/i18n/useText';
import { lineDiff, withContext } from '../../lib/diff';

const kSigns = { same: ' ', gone: '−', new: '+' };

/** The changed lines of a rule with what stands around them; told apart by sign as well as by colour. */
export function TextDiff({ name, before, now }: { name: string; before: string; now: string }) {
  const t = useText();
  const lines = useMemo(() => withContext(lineDiff(before, now)), [before, now]);
  return (
    <pre className="diff" tabIndex={0} role="region" aria-label={t('rule_set.text_of', { title: name })} lang="en">
      {lines.map((line, at) =>
        line === null ? (
          <span key={at} className="left-out">
            {'…'}
          </span>
        ) : (
          <span key={at} className={line.kind}>
            {kSigns[line.kind]} {line.text}
          </span>
        ),
      )}
    </pre>
  );
}
