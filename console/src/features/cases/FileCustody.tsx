import type { CaseFile } from '../../lib/api/caseFile';
import { useSession } from '../../lib/api/session';
import { containerLabel } from '../../lib/containers';
import { useText } from '../../lib/i18n/useText';
import { Elapsed } from '../../components/Elapsed';
import type { Hold } from '../../lib/api/alerts';
import { custody, holdingsOf, labelOf, organisationOf, type Link } from './custody';
import { At, Part, Rows, who } from './FileParts';

function What({ link }: { link: Link }) {
  const t = useText();
  return (
    <>
      <b>{t(link.what)}</b> <span className="fixed">{link.of}</span>{' '}
      {(link.to || link.desk) && `→ ${link.to ? who(link.to) : link.desk}`}{' '}
      {link.words.map((word) => t(word)).join(', ')}{' '}
      {link.undone && <span className="tag open">{t('file.undone')}</span>}
      {link.text && <p>{link.text}</p>}
      {link.withheld && <p className="quiet">{t('case.withheld')}</p>}
    </>
  );
}

export function Links({ links, name }: { links: Link[]; name: string }) {
  const t = useText();
  const session = useSession();
  return (
    <div className="file-table" tabIndex={0} role="region" aria-label={name}>
      <table>
        <thead>
          <tr>
            <th>{t('audit.when')}</th>
            <th>{t('audit.who')}</th>
            <th>{t('file.organisation')}</th>
            <th>{t('audit.what')}</th>
          </tr>
        </thead>
        <tbody>
          {links.map((link, index) => (
            <tr key={index} className={link.undone ? 'undone' : ''}>
              <td>
                <At at={link.at} />
              </td>
              <td>{link.by ? who(link.by) : t('file.program')}</td>
              <td>{link.by ? organisationOf(link.by, session) : ''}</td>
              <td>
                <What link={link} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Who had the case from when to when, and how long each offer waited. */
function Hops({ file: { one, read_at } }: { file: CaseFile }) {
  const t = useText();
  return (
    <ol className="file-list">
      {holdingsOf(one).map(({ holder, from, until }) => (
        <li key={from}>
          <b>{holder.name}</b> <At at={from} /> – {until ? <At at={until} /> : t('hand_over.now')}{' '}
          <Elapsed from={from} until={until ?? read_at} />
        </li>
      ))}
      {one.hops.map((hop, index) => (
        <li key={`hop ${index}`}>
          {t(`hop.${hop.state}`)}: {hop.from.name} → {hop.to.name} <At at={hop.offered_at} />{' '}
          <Elapsed from={hop.offered_at} until={hop.answered_at ?? read_at} />
        </li>
      ))}
    </ol>
  );
}

function HoldRows({ hold, label }: { hold: Hold; label: string }) {
  const t = useText();
  return (
    <section className="file-alert">
      <h3>
        <span className="fixed">{label}</span> {containerLabel(hold.container)}
      </h3>
      <Rows
        of={[
          ['filter.state', t(`hold.${hold.state}`)],
          ['hold.step.request', <At at={hold.requested_at} />],
          ['hold.step.sent', hold.sent_at ? <At at={hold.sent_at} /> : t('hold.unsent')],
          ['hold.receiver', hold.receiver && t(`hold.sending.${hold.sending}`, { receiver: hold.receiver })],
          ['hold.step.delivered', hold.delivered_at && <At at={hold.delivered_at} />],
          ['file.answer_at', hold.answered_at && <At at={hold.answered_at} />],
          ['file.took', hold.answered_at && <Elapsed from={hold.requested_at} until={hold.answered_at} />],
          ['file.source', hold.facility],
          ['file.hold_id', <span className="fixed">{hold.hold_id}</span>],
        ]}
      />
    </section>
  );
}

/** Who did what and when, all in one line; then the holds that were asked for. */
export function Custody({ file }: { file: CaseFile }) {
  const t = useText();
  const holds = file.alerts.flatMap((alert, index) => alert.holds.map((hold) => ({ hold, label: labelOf(index) })));
  return (
    <>
      <Part name="file.custody" lead="file.custody.lead">
        <Hops file={file} />
        <Links links={custody(file.one, file.alerts)} name={t('file.custody')} />
      </Part>
      <Part name="file.holds">
        {holds.length === 0 && <p>{t('file.holds.none')}</p>}
        {holds.map(({ hold, label }) => (
          <HoldRows key={hold.hold_id} hold={hold} label={label} />
        ))}
      </Part>
    </>
  );
}
