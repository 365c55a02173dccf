import { useEffect } from 'react';
import { Time, useZone } from '../../components/Time';
import { useLanguage, useText } from '../../lib/i18n/useText';
import { localTime } from '../../lib/time';
import { firstStep, instantOf, kStep, later, stepOf } from './moment';

type Given = {
  from: string;
  until: string;
  at: string | undefined;
  playing: boolean;
  /** The answer for the instant at hand has not come yet. */
  busy: boolean;
  onAt: (at: string | undefined) => void;
  onPlay: (playing: boolean) => void;
};

const kPace = 500;

/** The last three days in quarters of an hour; at the end it follows what comes in. */
export function TimeSlider({ from, until, at, playing, busy, onAt, onPlay }: Given) {
  const t = useText();
  const zone = useZone();
  const language = useLanguage();
  const step = stepOf(at, until);
  const shown = at ?? until;

  useEffect(() => {
    if (!playing || busy) return;
    if (step === 0) return onPlay(false);
    const timer = setTimeout(() => onAt(later(at, 1, from, until)), kPace);
    return () => clearTimeout(timer);
  }, [playing, busy, at, step, from, until, onAt, onPlay]);

  return (
    <div className="map-time row no-print">
      <button className="button" aria-pressed={playing} onClick={() => onPlay(!playing)}>
        <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
          <path d={playing ? 'M1 1h3.5v10H1zM7.5 1H11v10H7.5z' : 'M2 1l9 5-9 5z'} fill="currentColor" />
        </svg>
        {t(playing ? 'map.pause' : 'map.play')}
      </button>
      <input
        type="range"
        className="grow"
        min={firstStep(from, until)}
        max={0}
        step={1}
        value={step}
        aria-label={t('map.time')}
        aria-valuetext={localTime(shown, zone, language, 'minute')}
        onChange={(event) => {
          onPlay(false);
          onAt(instantOf(Number(event.target.value), until));
        }}
      />
      <span className="map-at">
        <Time at={shown} />
        {step < 0 && (
          <span className="quiet"> {t('map.back', { hours: Math.round((-step * kStep) / 360_000) / 10 })}</span>
        )}
      </span>
      <button
        className="button"
        aria-pressed={at === undefined}
        onClick={() => {
          onPlay(false);
          onAt(undefined);
        }}
      >
        {t('map.latest')}
      </button>
    </div>
  );
}
