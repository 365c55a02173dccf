import { Link } from 'react-router-dom';
import { Clocks } from '../../components/Clocks';
import { Level } from '../../components/Level';
import { Meaning, RuleWords } from '../../components/ServerWords';
import { NamedValues, Value } from '../../components/Value';
import { useSource } from '../../components/useSource';
import type { Schemas } from '../../lib/api/client';
import { useText } from '../../lib/i18n/useText';

type Given = { event: Schemas['TimelineEvent']; timeline: Schemas['Timeline'] };

export function EventDetail({ event, timeline }: Given) {
  const t = useText();
  const { feedName, ownerName } = useSource();
  const alerts = timeline.alerts.filter(({ alert_id }) => event.alert_ids.includes(alert_id));
  const doubts = timeline.contradictions.filter(({ event_ids }) => event_ids.includes(event.event_id));
  return (
    <aside className="event-detail" aria-label={t('timeline.event')} aria-live="polite" tabIndex={0}>
      <header>
        <h2 className="fixed">{event.type}</h2>
        <p>
          <Meaning of={event.sentence} />
        </p>
        {event.op !== 'assert' && <span className="tag open">{t(`op.${event.op}`)}</span>}
        {event.classifier !== 'actual' && <span className="tag open">{t(`classifier.${event.classifier}`)}</span>}
      </header>
      <Clocks {...event} />
      {alerts.map((alert) => (
        <p key={alert.alert_id} className="row wrap">
          <Level level={alert.level} />
          <Link to={`/watch?state=all&alert=${alert.alert_id}`}>
            <RuleWords of={alert.title} />
          </Link>
        </p>
      ))}
      {doubts.map((doubt) => (
        <p key={doubt.name} className="notice">
          <b>≠ {t('timeline.contradiction')}</b> <Meaning of={doubt.sentence} />
          <br />
          <span className="fixed small">{doubt.name}</span>{' '}
          {event.facts
            .filter(({ name }) => name === doubt.name)
            .map(({ value, unknown }) => (
              <b key={value}>
                <Value text={value} unknown={unknown} />
              </b>
            ))}
        </p>
      ))}
      <section>
        <h3>{t('timeline.source')}</h3>
        <p>
          {[feedName(event.feed), ownerName(event.owner), event.facility].filter(Boolean).join(' · ')}
          <br />
          <span className="fixed small">
            {event.file}@{event.offset}
          </span>
        </p>
      </section>
      <section>
        <h3>{t('timeline.fields')}</h3>
        <NamedValues values={event.fields} />
      </section>
      <section>
        <h3>{t('timeline.facts')}</h3>
        {event.facts.length === 0 ? (
          <p className="quiet">{t('timeline.facts.none')}</p>
        ) : (
          <NamedValues values={event.facts} />
        )}
      </section>
    </aside>
  );
}
