import { useState } from 'react';
import { AlertLine } from '../../components/AlertLine';
import { FormDialog } from '../../components/Dialog';
import { tell } from '../../components/Toast';
import type { Schemas } from '../../lib/api/client';
import { useRuleText } from '../../lib/i18n/useShipped';
import { useText } from '../../lib/i18n/useText';
import { CaseTitle } from './CaseTitle';

type Case = Schemas['Case'];
export type OnStep = (step: Schemas['NewCaseStep']) => Promise<unknown>;

function SplitDialog({ count, onSend, onClose }: { count: number; onSend: (title: string) => void; onClose: () => void }) {
  const t = useText();
  const [title, setTitle] = useState('');
  return (
    <FormDialog
      title={t('case.split')}
      lead={t('case.split.lead', { count })}
      send={t('case.split')}
      busy={false}
      disabled={title.trim() === ''}
      onSend={() => onSend(title.trim())}
      onClose={onClose}
    >
      <CaseTitle value={title} onChange={setTitle} />
    </FormDialog>
  );
}

/** The alerts of a case. Who works on it chooses some, to take them out or to give them a case of their own. */
export function CaseAlerts({ one, writes, busy, onStep }: { one: Case; writes: boolean; busy: boolean; onStep: OnStep }) {
  const t = useText();
  const say = useRuleText();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [splits, setSplits] = useState(false);
  const here = one.alerts.map(({ alert_id }) => alert_id).filter((id) => chosen.has(id));
  const isPart = here.length < one.summary.alerts;
  const choose = (id: string, is: boolean) =>
    setChosen((before) => new Set(is ? [...before, id] : [...before].filter((each) => each !== id)));
  const takeOut = async () => {
    await onStep({ action: 'remove_alerts', alert_ids: here });
    tell({
      text: t('case.taken_out', { count: here.length }),
      action: { label: t('decision.undo'), run: () => void onStep({ action: 'add_alerts', alert_ids: here }) },
    });
  };
  const split = async (title: string) => {
    setSplits(false);
    await onStep({ action: 'split', alert_ids: here, title });
  };
  return (
    <section className="card queue-in-case">
      <header className="wrap">
        <h2 className="grow">{t('timeline.alerts')}</h2>
        {writes && here.length > 0 && (
          <span className="row wrap no-print">
            <span className="quiet" role="status">
              {t('case.chosen', { count: here.length })}
            </span>
            <button className="button" disabled={busy} onClick={() => void takeOut()}>
              {t('case.take_out')}
            </button>
            <button
              className="button"
              disabled={busy || !isPart}
              title={isPart ? undefined : t('case.split.not_all')}
              onClick={() => setSplits(true)}
            >
              {t('case.split')}
            </button>
          </span>
        )}
      </header>
      {one.alerts.length === 0 && <p className="pad quiet">{t('case.alerts.none')}</p>}
      {one.alerts.map((alert) => (
        <div key={alert.alert_id} className="alert-row">
          {writes && (
            <input
              type="checkbox"
              className="no-print"
              aria-label={t('case.choose', { title: say(alert.title) })}
              checked={chosen.has(alert.alert_id)}
              onChange={(event) => choose(alert.alert_id, event.target.checked)}
            />
          )}
          <div className="alert-link">
            <AlertLine alert={alert} to={`/watch?state=all&alert=${alert.alert_id}`} />
          </div>
        </div>
      ))}
      {splits && <SplitDialog count={here.length} onSend={(title) => void split(title)} onClose={() => setSplits(false)} />}
    </section>
  );
}
