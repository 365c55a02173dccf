import type { ReactNode } from 'react';
import { RuleWords } from '../../components/ServerWords';
import { Time } from '../../components/Time';
import type { Alert } from '../../lib/api/alerts';
import type { Schemas } from '../../lib/api/client';
import type { Key } from '../../lib/i18n/text';
import { useText } from '../../lib/i18n/useText';
import { utcTime } from '../../lib/time';
import { labelOf } from './custody';

/** With the id: names change, and two people may have one. */
export const who = ({ id, login, name }: Schemas['Person']) =>
  `${[name, login && `(${login})`].filter(Boolean).join(' ')} ${id}`;

/** A time with year and zone, and as the server wrote it. */
export function At({ at }: { at: string }) {
  return (
    <span className="file-at">
      <Time at={at} shape="full" /> <span className="quiet fixed">{utcTime(at)}</span>
    </span>
  );
}

export function Part({ name, lead, children }: { name: Key; lead?: Key; children: ReactNode }) {
  const t = useText();
  return (
    <section className="file-part">
      <h2>{t(name)}</h2>
      {lead && <p className="quiet">{t(lead)}</p>}
      {children}
    </section>
  );
}

/** Name and value; a row without value is left out. */
export function Rows({ of }: { of: readonly [Key, ReactNode][] }) {
  const t = useText();
  return (
    <dl className="file-rows">
      {of
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{t(name)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Under each alert its part of a section. */
export function EachAlert({
  alerts,
  children,
}: {
  alerts: Alert[];
  children: (alert: Alert, label: string) => ReactNode;
}) {
  return alerts.map((alert, index) => (
    <section key={alert.summary.alert_id} className="file-alert">
      <h3>
        <span className="fixed">{labelOf(index)}</span> <RuleWords of={alert.summary.title} />
      </h3>
      {children(alert, labelOf(index))}
    </section>
  ));
}
