import { Message } from '../../components/ServerWords';
import { Time } from '../../components/Time';
import type { Alert } from '../../lib/api/alerts';
import type { Schemas } from '../../lib/api/client';
import { useText } from '../../lib/i18n/useText';
import { duration } from '../../lib/time';
import { Countdown } from './Countdown';

const nameOf = (person: Schemas['Person']) => person.name || person.login;

/** Who was told of the alert, by what, and who has acknowledged; with the clock of the on-call list. */
export function Telling({ telling }: { telling: Alert['telling'] }) {
  const t = useText();
  const { told, asked, acknowledged, next_at, is_at_its_end } = telling;
  return (
    <ul className="history">
      {asked.map((one, index) => (
        <li key={`asked ${index}`}>
          <Time at={one.at} shape="second" />
          <b>{t('told.asked')}</b>
          <span className="quiet">{nameOf(one.who)}</span>
        </li>
      ))}
      {told.map((one, index) => (
        <li key={`told ${index}`}>
          <Time at={one.at} shape="second" />
          <b>{t(`told.${one.outcome}`)}</b>
          <span className="quiet">
            {one.to ? `${nameOf(one.to)} · ` : ''}
            {one.channel} · {t(`told.${one.news}`)}
          </span>
          {one.outcome === 'failed' && (
            <span className="tag open">{t('told.attempts', { count: one.attempt })}</span>
          )}
          {one.detail && <Message of={one.detail} />}
        </li>
      ))}
      {acknowledged && (
        <li>
          <Time at={acknowledged.at} shape="second" />
          <b>{t('told.acknowledged')}</b>
          <span className="quiet">
            {nameOf(acknowledged.by)}
            {acknowledged.after_s !== undefined && ` · +${duration(acknowledged.after_s * 1000)}`}
          </span>
        </li>
      )}
      {next_at && (
        <li>
          <span className="tag open">{t('told.next')}</span> <Countdown at={next_at} />
        </li>
      )}
      {is_at_its_end && (
        <li>
          <span className="tag open">{t('told.end')}</span>
        </li>
      )}
    </ul>
  );
}
