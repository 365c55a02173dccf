import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { FormDialog } from '../../components/Dialog';
import { Refused } from '../../components/Reason';
import { request } from '../../lib/api/client';
import { useText } from '../../lib/i18n/useText';
import type { RuleFile } from './draft';
import { boundsOf } from './trial';

/** Of which time the draft is tried; without a choice the latest that the journal holds. */
export function AskTrial(props: { files: RuleFile[]; onBegun: (backtestId: string) => void; onClose: () => void }) {
  const t = useText();
  const [first, setFirst] = useState('');
  const [last, setLast] = useState('');
  const start = useMutation({
    mutationFn: () =>
      request('post', '/api/rule-sets/backtests', { body: { files: props.files, ...boundsOf(first, last) } }),
    onSuccess: ({ backtest_id }) => {
      props.onBegun(backtest_id);
      props.onClose();
    },
  });
  return (
    <FormDialog
      title={t('trial.ask')}
      lead={t('trial.lead')}
      send={t('trial.begin')}
      busy={start.isPending}
      disabled={first !== '' && last !== '' && last < first}
      onSend={() => start.mutate()}
      onClose={props.onClose}
      problem={<Refused error={start.error} />}
    >
      <label className="field">
        <span>{t('trial.first')}</span>
        <input className="input" type="date" autoFocus value={first} onChange={(e) => setFirst(e.target.value)} />
      </label>
      <label className="field">
        <span>{t('trial.last')}</span>
        <input className="input" type="date" value={last} onChange={(e) => setLast(e.target.value)} />
        <small>{t('trial.days.hint')}</small>
      </label>
    </FormDialog>
  );
}
