import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { FormDialog } from '../../components/Dialog';
import { Answer, useProblemText } from '../../components/States';
import { tell } from '../../components/Toast';
import { useSessionChange } from '../../lib/api/session';
import { useText } from '../../lib/i18n/useText';

/** Base32 in groups of four: it is typed by hand into a telephone. */
const grouped = (secret: string) => secret.replace(/(.{4})(?=.)/g, '$1 ');

export function SecondFactor({ onClose }: { onClose: () => void }) {
  const t = useText();
  const { startTotp, confirmTotp } = useSessionChange();
  const problemText = useProblemText();
  const [code, setCode] = useState('');
  const secret = useQuery({
    queryKey: ['totp'],
    queryFn: startTotp,
    staleTime: 0,
    gcTime: 0,
    refetchOnReconnect: false,
  });
  const confirm = useMutation({
    mutationFn: () => confirmTotp(code),
    onSuccess: () => {
      tell({ text: t('totp.enrolled') });
      onClose();
    },
  });
  return (
    <FormDialog
      title={t('totp.title')}
      lead={t('totp.lead')}
      send={t('totp.send')}
      busy={confirm.isPending}
      disabled={code.length !== 6}
      onSend={() => confirm.mutate()}
      onClose={onClose}
      problem={
        confirm.error && (
          <p className="notice problem" role="alert">
            {problemText(confirm.error).detail}
          </p>
        )
      }
    >
      <Answer of={secret}>
        {({ secret: base32, uri }) => (
          <p>
            <code>{grouped(base32)}</code>
            <br />
            <a href={uri}>{t('totp.link')}</a>
          </p>
        )}
      </Answer>
      <label className="field">
        <span>{t('totp.code')}</span>
        <input
          className="input fixed"
          inputMode="numeric"
          autoComplete="one-time-code"
          pattern="[0-9]{6}"
          maxLength={6}
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
      </label>
    </FormDialog>
  );
}
