import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router-dom';
import { FormDialog } from '../../components/Dialog';
import { ReasonField, Refused } from '../../components/Reason';
import { tell } from '../../components/Toast';
import { request, type Schemas } from '../../lib/api/client';
import { ruleSetsQuery } from '../../lib/api/lists';
import { useDraft } from '../../lib/drafts';
import { useText } from '../../lib/i18n/useText';
import type { RuleFile } from './draft';
import { Figures } from './Figures';

/** The reason of a proposal. What comes of it stands on the page of rules, where a second person decides. */
export function ProposeRules(props: {
  files: RuleFile[];
  changes: number;
  backtest: Schemas['Backtest'] | undefined;
  onDone: () => void;
  onClose: () => void;
}) {
  const t = useText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [reason, setReason] = useDraft('rules propose');
  const propose = useMutation({
    mutationFn: () =>
      request('post', '/api/rule-sets', {
        body: {
          files: props.files,
          reason: reason.trim(),
          ...(props.backtest ? { backtest_id: props.backtest.backtest_id } : {}),
        },
      }),
    onSuccess: (sets) => {
      client.setQueryData(ruleSetsQuery.queryKey, sets);
      tell({ text: t('rule_edit.proposed') });
      props.onDone();
      navigate('/rules');
    },
  });
  return (
    <FormDialog
      title={t('rule_edit.propose')}
      lead={t('rule_edit.propose.lead', { count: props.changes })}
      send={t('rule_edit.propose')}
      busy={propose.isPending}
      disabled={reason.trim() === ''}
      onSend={() => propose.mutate()}
      onClose={props.onClose}
      problem={<Refused error={propose.error} />}
    >
      {props.backtest?.figures ? (
        <div>
          <p>{t('trial.with_proposal')}</p>
          <Figures of={props.backtest.figures} />
        </div>
      ) : (
        <p className="notice">{t('trial.without')}</p>
      )}
      <ReasonField hint={t('decision.reason.no_names')} autoFocus required value={reason} onChange={setReason} />
    </FormDialog>
  );
}
