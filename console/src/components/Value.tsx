import type { Schemas } from '../lib/api/client';
import { containerLabel } from '../lib/containers';
import { knownWord, wordOf } from '../lib/i18n/text';
import { useText } from '../lib/i18n/useText';
import type { Shape } from '../lib/time';
import { isPseudonym } from '../lib/unmask';
import { Message } from './ServerWords';
import { Time } from './Time';
import { Unmask } from './Unmask';

const kTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

type Shown = { text: string; unknown?: string | undefined; shape?: Shape };

/** A value in the server's canonical spelling, as people read it: times local, boxes as painted, truth in words, unknown marked. */
export function Value({ text, unknown, shape = 'second' }: Shown) {
  const t = useText();
  if (unknown || text === 'unknown') {
    return (
      <span className="tag open" title={unknown ?? ''}>
        {t('value.unknown')}
      </span>
    );
  }
  if (kTime.test(text)) return <Time at={text} shape={shape} />;
  if (text === 'true' || text === 'false') return <>{t(`value.${text}`)}</>;
  if (isPseudonym(text))
    return (
      <>
        {text} <Unmask pseudonym={text} />
      </>
    );
  return <>{containerLabel(text)}</>;
}

/** In words where we have some, with the name of the catalogue at hand. */
function Name({ of }: { of: string }) {
  const t = useText();
  const words = knownWord(t, 'field', of);
  return words ? <dt title={of}>{words}</dt> : <dt className="fixed">{of}</dt>;
}

/** What the server found out of a feed. */
const kInWords = 'feed.detail';

export function NamedValues({ values, shape }: { values: readonly Schemas['NamedValue'][]; shape?: Shape }) {
  const t = useText();
  return (
    <dl className="named-values">
      {values.map(({ name, value, unknown }, index) => (
        <div key={index}>
          <Name of={name} />
          <dd>
            {name === kInWords ? (
              <Message of={value} />
            ) : (
              <Value text={value} unknown={unknown} {...(shape && { shape })} />
            )}
            {unknown && <small className="quiet"> {wordOf(t, 'cause', unknown)}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
