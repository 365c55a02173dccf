import { useEffect, useSyncExternalStore } from 'react';
import { Link } from 'react-router-dom';
import { Message } from './ServerWords';

/** One message at a time, told once; a screen reader hears it too. */
type Told = {
  text: string;
  problem?: boolean;
  /** In the words of the server. */
  said?: string;
  link?: { label: string; to: string };
  action?: { label: string; run: () => void };
};

let shown: Told | undefined;
const listeners = new Set<() => void>();

export function tell(message: Told | undefined) {
  shown = message;
  listeners.forEach((listener) => listener());
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

const kStays = 8_000;

export function Toast() {
  const message = useSyncExternalStore(subscribe, () => shown);
  useEffect(() => {
    if (!message) return;
    const timer = setTimeout(() => tell(undefined), kStays);
    return () => clearTimeout(timer);
  }, [message]);
  return (
    <div aria-live="polite">
      {message && (
        <div className={`toast no-print${message.problem ? ' problem' : ''}`}>
          <span>
            {message.text} {message.said && <Message of={message.said} />}
          </span>
          {message.link && (
            <Link to={message.link.to} onClick={() => tell(undefined)}>
              {message.link.label}
            </Link>
          )}
          {message.action && <button onClick={message.action.run}>{message.action.label}</button>}
        </div>
      )}
    </div>
  );
}
