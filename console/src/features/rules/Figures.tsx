import type { Schemas } from '../../lib/api/client';
import { useText } from '../../lib/i18n/useText';
import { utcDays } from './trial';
import { useVersionText } from './version';

type BacktestFigures = Schemas['BacktestFigures'];

/** What a back-test comes to, in alerts. */
export function Figures({ of }: { of: BacktestFigures }) {
  const t = useText();
  return (
    <dl className="figures">
      {(['before', 'now', 'appear', 'disappear', 'change'] as const).map((figure) => (
        <div key={figure}>
          <dt>{t(`rule_set.figure.${figure}`)}</dt>
          <dd>{of[figure]}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Who made the figures: the server itself, or somebody who gave in what the command printed. */
export function Source({ of }: { of: BacktestFigures['on_server'] }) {
  const t = useText();
  const versionText = useVersionText();
  if (of === null) return <p className="quiet small">{t('rule_set.figures.given')}</p>;
  const version = versionText(of.against);
  return (
    <p className="small">
      <span className="tag">{t('rule_set.figures.on_server')}</span>{' '}
      {t('trial.of', { days: utcDays(of.from, of.until), version })}
    </p>
  );
}
