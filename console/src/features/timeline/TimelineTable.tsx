import { Link } from 'react-router-dom';
import { Level } from '../../components/Level';
import { Meaning, RuleWords } from '../../components/ServerWords';
import { Time } from '../../components/Time';
import { useSource } from '../../components/useSource';
import type { Schemas } from '../../lib/api/client';
import { useText } from '../../lib/i18n/useText';

type Given = {
  timeline: Schemas['Timeline'];
  chosen: string | undefined;
  onChoose: (event: Schemas['TimelineEvent']) => void;
};

/** The same as the lanes, for reading aloud and on paper. */
export function TimelineTable({ timeline, chosen, onChoose }: Given) {
  const t = useText();
  const { feedName } = useSource();
  const alertOf = new Map(timeline.alerts.map((alert) => [alert.alert_id, alert]));
  const doubted = new Set(timeline.contradictions.flatMap((c) => c.event_ids));
  return (
    <div className="card scroll">
      <table className="timeline-table">
        <caption className="hidden">{t('timeline.table.caption', { subject: timeline.subject.label })}</caption>
        <thead>
          <tr>
            <th>{t('clock.event_time')}</th>
            <th>{t('clock.reported_at')}</th>
            <th>{t('clock.received_at')}</th>
            <th>{t('timeline.source')}</th>
            <th>{t('timeline.event')}</th>
            <th>{t('timeline.alerts')}</th>
          </tr>
        </thead>
        <tbody>
          {timeline.events.map((event) => (
            <tr
              key={event.event_id}
              className={event.event_id === chosen ? 'linked chosen' : 'linked'}
              onClick={() => onChoose(event)}
            >
              <td>
                <Time at={event.event_time} shape="second" />
              </td>
              <td className="quiet">
                <Time at={event.reported_at} shape="second" />
              </td>
              <td className="quiet">
                <Time at={event.received_at} shape="second" />
              </td>
              <td>{feedName(event.feed)}</td>
              <td>
                <button className="as-link fixed" onClick={() => onChoose(event)}>
                  {event.type}
                </button>
                {doubted.has(event.event_id) && <span className="tag"> ≠ {t('timeline.contradiction')}</span>}
                <br />
                <span className="quiet">
                  <Meaning of={event.sentence} />
                </span>
              </td>
              <td>
                {event.alert_ids.map((id) => {
                  const alert = alertOf.get(id);
                  return (
                    alert && (
                      <div key={id}>
                        <Level level={alert.level} />{' '}
                        <Link to={`/watch?state=all&alert=${id}`}>
                          <RuleWords of={alert.title} />
                        </Link>
                      </div>
                    )
                  );
                })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
