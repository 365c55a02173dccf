import { useText } from '../lib/i18n/useText';
import { duration, millis } from '../lib/time';
import { Time } from './Time';

type Stamps = {
  event_time?: string | undefined;
  /** When it happened, where that is said beside it. */
  after?: string | undefined;
  reported_at?: string | undefined;
  received_at?: string | undefined;
  time_error_s?: number | undefined;
};

/** The three clocks of a record: when it happened, when the source said so, when it reached the site. */
export function Clocks({ event_time, after = event_time, reported_at, received_at, time_error_s }: Stamps) {
  const t = useText();
  const later = (at: string) => {
    const delay = after ? millis(at) - millis(after) : 0;
    return delay >= 1000 ? ` (+${duration(delay)})` : '';
  };
  return (
    <dl className="clocks">
      {event_time && (
        <div>
          <dt>{t('clock.event_time')}</dt>
          <dd>
            <Time at={event_time} shape="second" />
            {!!time_error_s && <span className="quiet"> ±{duration(time_error_s * 1000)}</span>}
          </dd>
        </div>
      )}
      {reported_at && (
        <div>
          <dt>{t('clock.reported_at')}</dt>
          <dd>
            <Time at={reported_at} shape="second" />
            <span className="quiet">{later(reported_at)}</span>
          </dd>
        </div>
      )}
      {received_at && (
        <div>
          <dt>{t('clock.received_at')}</dt>
          <dd>
            <Time at={received_at} shape="second" />
            <span className="quiet">{later(received_at)}</span>
          </dd>
        </div>
      )}
    </dl>
  );
}
