import type { Schemas } from '../lib/api/client';
import { useText } from '../lib/i18n/useText';
import { Time } from './Time';

const kTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** A value in the server's canonical spelling, as people read it: times local, truth in words, unknown marked. */
export function Value({ text, unknown }: { text: string; unknown?: string | undefined }) {
  const t = useText();
  if (unknown || text === 'unknown') {
    return (
      <span className="tag open" title={unknown ?? ''}>
        {t('value.unknown')}
      </span>
    );
  }
  if (kTime.test(text)) return <Time at={text} shape="second" />;
  if (text === 'true' || text === 'false') return <>{t(`value.${text}`)}</>;
  return <>{text}</>;
}

export function NamedValues({ values }: { values: readonly Schemas['NamedValue'][] }) {
  return (
    <dl className="named-values">
      {values.map(({ name, value, unknown }, index) => (
        <div key={index}>
          <dt className="fixed">{name}</dt>
          <dd>
            <Value text={value} unknown={unknown} />
            {unknown && <small className="quiet"> {unknown}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
