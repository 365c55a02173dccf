import { useMutation, useQueryClient } from '@tanstack/react-query';
import { FormDialog } from '../../components/Dialog';
import { ReasonField, Refused } from '../../components/Reason';
import { tell } from '../../components/Toast';
import { request } from '../../lib/api/client';
import { ruleSetsQuery } from '../../lib/api/lists';
import { useDraft } from '../../lib/drafts';
import { useText } from '../../lib/i18n/useText';
import type { Asked } from './Proposal';
import { useVersionText } from './version';

/** The reason of a decision on rules, and the decision. Only an approval may go without a reason. */
export function DecideRules({ asked, onClose }: { asked: Asked; onClose: () => void }) {
  const t = useText();
  const client = useQueryClient();
  const versionText = useVersionText();
  const [reason, setReason] = useDraft(`rules ${asked.action} ${asked.version}`);
  const decide = useMutation({
    mutationFn: () =>
      request('post', '/api/rule-sets/{version}/decisions', {
        path: { version: asked.version },
        body: { action: asked.action, ...(reason.trim() ? { reason: reason.trim() } : {}) },
      }),
    onSuccess: (sets) => {
      client.setQueryData(ruleSetsQuery.queryKey, sets);
      void client.invalidateQueries({ queryKey: ['rules'] });
      tell({ text: t(`rule_set.done.${asked.action}`, { version: versionText(asked.version) }) });
      onClose();
    },
  });
  const title = t(`rule_set.${asked.action}`);
  return (
    <FormDialog
      title={title}
      lead={t(`rule_set.lead.${asked.action}`, { version: versionText(asked.version) })}
      send={title}
      busy={decide.isPending}
      disabled={asked.action !== 'approve' && reason.trim() === ''}
      onSend={() => decide.mutate()}
      onClose={onClose}
      problem={<Refused error={decide.error} />}
    >
      <ReasonField hint={t('decision.reason.no_names')} autoFocus value={reason} onChange={setReason} />
    </FormDialog>
  );
}
