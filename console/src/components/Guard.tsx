import { Component, type ReactNode } from 'react';
import { useText } from '../lib/i18n/useText';
import { Picture } from './States';

function Broken() {
  const t = useText();
  return (
    <div className="state problem" role="alert">
      <Picture name="problem" />
      <h1>{t('state.broken')}</h1>
      <p>{t('state.broken.next')}</p>
      <button className="button" onClick={() => window.location.reload()}>
        {t('action.reload')}
      </button>
    </div>
  );
}

/**
 * Keeps the rest of the console where a page cannot be drawn: its part did not come, as after an upgrade of the
 * server under an open tab, or it is at fault itself. React says what it caught on the browser's console.
 */
export class Guard extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };
  static getDerivedStateFromError = () => ({ broken: true });
  override render = () => (this.state.broken ? <Broken /> : this.props.children);
}
