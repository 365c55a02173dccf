import { NavLink } from 'react-router-dom';
import { useText } from '../../lib/i18n/useText';

/** The rules themselves, and what they are for. */
export function RulesTabs() {
  const t = useText();
  const shape = ({ isActive }: { isActive: boolean }) => (isActive ? 'button primary' : 'button');
  return (
    <nav className="row wrap no-print" aria-label={t('page.rules')}>
      <NavLink className={shape} to="/rules" end>
        {t('page.rules')}
      </NavLink>
      <NavLink className={shape} to="/rules/coverage">
        {t('coverage.tab')}
      </NavLink>
    </nav>
  );
}
