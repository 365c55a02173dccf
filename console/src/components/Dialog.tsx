import { useId, useLayoutEffect, useRef, type FormEvent, type ReactNode } from 'react';
import { useText } from '../lib/i18n/useText';

/** The browser's own modal dialog: it keeps the focus inside, closes on Escape and gives the focus back. */
export function Dialog({
  title,
  onClose,
  className,
  children,
}: {
  title: string;
  onClose: () => void;
  className?: string;
  children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Before it is painted: what is typed behind the key that opened it is meant for it.
  useLayoutEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={className ?? ''}
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <h2 id={id} className="hidden">
        {title}
      </h2>
      {children}
    </dialog>
  );
}

/** A question with one answer to send. Ctrl+Enter sends from a text of several lines. */
export function FormDialog(props: {
  title: string;
  lead?: ReactNode;
  send: string;
  busy: boolean;
  disabled?: boolean;
  problem?: ReactNode;
  onSend: () => void;
  onClose: () => void;
  children?: ReactNode;
}) {
  const t = useText();
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!props.busy && !props.disabled) props.onSend();
  };
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <form
        className="dialog-body"
        onSubmit={onSubmit}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
        }}
      >
        <div>
          <h1 aria-hidden="true">{props.title}</h1>
          {props.lead && <p className="quiet">{props.lead}</p>}
        </div>
        {props.children}
        {props.problem}
        <div className="dialog-foot">
          <button type="button" className="button plain" onClick={props.onClose}>
            {t('action.cancel')}
          </button>
          <button type="submit" className="button primary" disabled={props.busy || props.disabled}>
            {props.send}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
