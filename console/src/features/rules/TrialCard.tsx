import { useMutation, useQuery } from '@tanstack/react-query';
import { Refused } from '../../components/Reason';
import { Message } from '../../components/ServerWords';
import { Failure } from '../../components/States';
import { request, problemOf, type Schemas } from '../../lib/api/client';
import { backtestQuery } from '../../lib/api/lists';
import { useText } from '../../lib/i18n/useText';
import { Figures } from './Figures';
import { everyDay, utcDays } from './trial';
import { TrialChart } from './TrialChart';
import { TrialExamples, TrialRules } from './TrialRules';
import { useVersionText } from './version';
import './trial.css';

type Backtest = Schemas['Backtest'];

/** How far it is: what is read first, then judged. Only the stage is told aloud, not each step. */
function Way({ of, onGivenUp }: { of: Backtest; onGivenUp: () => void }) {
  const t = useText();
  const giveUp = useMutation({
    mutationFn: () =>
      request('delete', '/api/rule-sets/backtests/{backtestId}', { path: { backtestId: of.backtest_id } }),
    onSuccess: onGivenUp,
  });
  const stage = of.state === 'judging' ? 'judging' : 'reading';
  const share = of.all === 0 ? 0 : Math.floor((100 * of.done) / of.all);
  return (
    <div className="pad trial-way">
      <p role="status">{t(`trial.${stage}`)}</p>
      <progress max={100} value={share} aria-label={t(`trial.${stage}`)} />
      <p className="small">
        {share} %{stage === 'judging' && <> · {t('trial.so_far', { count: of.done })}</>}
        {of.seconds_left !== null && <> · {t('trial.left', { seconds: Math.ceil(of.seconds_left) })}</>}
      </p>
      <div className="row">
        <button className="button" disabled={giveUp.isPending} onClick={() => giveUp.mutate()}>
          {t('trial.give_up')}
        </button>
      </div>
      <Refused error={giveUp.error} />
    </div>
  );
}

function Found({ of, isOfDraft }: { of: Backtest; isOfDraft: boolean }) {
  const t = useText();
  const { result, figures } = of;
  if (!result || !figures) return null;
  return (
    <div className="pad trial-found">
      <p role="status" className={isOfDraft ? 'notice good' : 'notice'}>
        {t(isOfDraft ? 'trial.goes_along' : 'trial.of_earlier')}
      </p>
      <Figures of={figures} />
      <h3>{t('trial.chart')}</h3>
      <TrialChart days={everyDay(result.days, of.from, of.until)} />
      <h3>{t('trial.rules')}</h3>
      <TrialRules rules={result.rules} />
      <TrialExamples examples={result.examples} of={figures} />
      <p className="quiet small">
        {t('trial.cost', { count: result.events, before: result.seconds.before, now: result.seconds.now })}{' '}
        {t('trial.kept')}
      </p>
    </div>
  );
}

/** The draft on history: on its way, found, failed, or lost. */
export function TrialCard(props: { id: string; isOfDraft: boolean; onGivenUp: () => void; onForget: () => void }) {
  const t = useText();
  const versionText = useVersionText();
  const { data, error, refetch } = useQuery(backtestQuery(props.id));
  const isLost = error !== null && problemOf(error).status === 404;
  const isOver = isLost || (data !== undefined && ['done', 'failed'].includes(data.state));
  return (
    <section className="card trial" aria-label={t('trial.title')}>
      <header>
        <h2>{t('trial.title')}</h2>
        {data && (
          <span className="quiet">
            {t('trial.of', { days: utcDays(data.from, data.until), version: versionText(data.against) })}
          </span>
        )}
        {isOver && (
          <button className="button" onClick={props.onForget}>
            {t('action.close')}
          </button>
        )}
      </header>
      {isLost && (
        <p className="notice problem" role="alert">
          {t('trial.lost')}
        </p>
      )}
      {error !== null && !isLost && <Failure error={error} retry={() => refetch()} />}
      {error === null && data && !isOver && <Way of={data} onGivenUp={props.onGivenUp} />}
      {!isLost && data?.state === 'failed' && (
        <p className="notice problem" role="alert">
          {t('trial.failed')} <Message of={data.problem} />
        </p>
      )}
      {!isLost && data?.state === 'done' && <Found of={data} isOfDraft={props.isOfDraft} />}
    </section>
  );
}
