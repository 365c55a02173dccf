import { Dialog } from '../components/Dialog';
import type { Key } from '../lib/i18n/text';
import { useText } from '../lib/i18n/useText';

const kTables: [Key, [string, Key][]][] = [
  [
    'keys.everywhere',
    [
      ['Ctrl K', 'keys.palette'],
      ['g w', 'keys.go'],
      ['?', 'keys.help'],
      ['Esc', 'keys.close'],
    ],
  ],
  [
    'page.watch',
    [
      ['j k', 'keys.move'],
      ['Enter', 'keys.open'],
      ['x', 'keys.mark'],
      ['⇧ ↓', 'keys.mark_more'],
      ['t', 'decision.take'],
      ['y', 'keys.acknowledge'],
      ['d', 'decision.dismiss'],
      ['a', 'decision.act'],
      ['h', 'hold.ask'],
      ['c', 'decision.add_to_case'],
      ['o', 'decision.assign'],
      ['n', 'decision.note'],
      ['r', 'decision.reopen'],
      ['u', 'decision.undo'],
      ['l', 'keys.timeline'],
      ['m', 'watch.mark'],
    ],
  ],
  ['page.cases', [['p', 'file.title']]],
  ['page.requests', [['n', 'request.open']]],
  ['rule_edit.title', [['h', 'trial.ask']]],
  [
    'page.timeline',
    [
      ['+ −', 'keys.zoom'],
      ['← →', 'keys.pan'],
      ['0', 'timeline.fit'],
      ['j k', 'keys.event'],
    ],
  ],
  [
    'page.map',
    [
      ['+ −', 'keys.zoom'],
      ['← → ↑ ↓', 'keys.pan_map'],
      ['0', 'timeline.fit'],
      [', .', 'keys.instant'],
      ['Space', 'keys.play'],
      ['j k', 'keys.place'],
      ['1 – 5', 'keys.layer'],
    ],
  ],
];

export function KeyHelp({ onClose }: { onClose: () => void }) {
  const t = useText();
  return (
    <Dialog title={t('keys.title')} onClose={onClose}>
      <div className="dialog-body">
        {kTables.map(([name, keys]) => (
          <section key={name}>
            <h2>{t(name)}</h2>
            <dl className="keys">
              {keys.map(([pressed, what]) => (
                <div key={pressed} className="row">
                  <dt>
                    {pressed.split(' ').map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{t(what)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <div className="dialog-foot">
          <button className="button" autoFocus onClick={onClose}>
            {t('action.close')}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
