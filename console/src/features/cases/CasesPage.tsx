import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router-dom';
import { FormDialog } from '../../components/Dialog';
import { Refused } from '../../components/Reason';
import { Answer, Empty } from '../../components/States';
import { Age } from '../../components/Time';
import { request, type Schemas } from '../../lib/api/client';
import { casesQuery } from '../../lib/api/lists';
import { hasRole, useSession } from '../../lib/api/session';
import { useText } from '../../lib/i18n/useText';
import { CaseFile } from './CaseFile';
import { CaseTitle } from './CaseTitle';
import { HandedOn } from './HandedOn';
import { OneCase } from './OneCase';
import './cases.css';

const kStates: readonly Schemas['CaseState'][] = ['open', 'closed', 'merged'];

function NewCase({ onClose }: { onClose: () => void }) {
  const t = useText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [title, setTitle] = useState('');
  const open = useMutation({
    mutationFn: () => request('post', '/api/cases', { body: { title: title.trim() } }),
    onSuccess: ({ summary }) => {
      void client.invalidateQueries({ queryKey: ['cases'] });
      void client.invalidateQueries({ queryKey: ['kpis'] });
      navigate(`/cases/${summary.case_id}`);
    },
  });
  return (
    <FormDialog
      title={t('case.new')}
      send={t('case.open')}
      busy={open.isPending}
      disabled={title.trim() === ''}
      onSend={() => open.mutate()}
      onClose={onClose}
      problem={<Refused error={open.error} />}
    >
      <CaseTitle value={title} onChange={setTitle} />
    </FormDialog>
  );
}

function CaseList() {
  const t = useText();
  const navigate = useNavigate();
  const session = useSession();
  const [query, setQuery] = useSearchParams();
  const [asks, setAsks] = useState(false);
  const state = kStates.find((each) => each === query.get('state')) ?? 'open';
  const answer = useQuery(casesQuery(state));
  return (
    <div className="sheet">
      <div className="row wrap">
        <h1>{t('page.cases')}</h1>
        <div className="row" role="group" aria-label={t('filter.state')}>
          {kStates.map((each) => (
            <button
              key={each}
              className="chip"
              aria-pressed={each === state}
              onClick={() => setQuery({ state: each }, { replace: true })}
            >
              {t(`case_state.${each}`)}
            </button>
          ))}
        </div>
        <span className="grow" />
        {hasRole(session, ['officer']) && (
          <button className="button primary" onClick={() => setAsks(true)}>
            {t('case.new')}
          </button>
        )}
      </div>
      <Answer of={answer}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="case.none" next="case.none.next" />
          ) : (
            <div className="card scroll" tabIndex={0} role="region" aria-label={t('page.cases')}>
              <table>
                <thead>
                  <tr>
                    <th>{t('case.title')}</th>
                    <th>{t('file.organisation')}</th>
                    <th>{t('case.owner')}</th>
                    <th className="number">{t('timeline.alerts')}</th>
                    <th className="number">{t('case.open_tasks')}</th>
                    <th>{t('case.outcome')}</th>
                    <th className="number">{t('case.changed')}</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((item) => (
                    <tr key={item.case_id} className="linked" onClick={() => navigate(`/cases/${item.case_id}`)}>
                      <td>
                        <Link to={`/cases/${item.case_id}`}>{item.title}</Link>{' '}
                        {item.offered_to && (
                          <span className="tag open">{t('hand_over.offered_to', { name: item.offered_to.name })}</span>
                        )}
                      </td>
                      <td>{item.holder.name}</td>
                      <td>{item.owner?.name ?? <span className="quiet">{t('case.nobody')}</span>}</td>
                      <td className="number">{item.alerts}</td>
                      <td className="number">{item.open_tasks}</td>
                      <td>{item.outcome ? t(`outcome.${item.outcome}`) : ''}</td>
                      <td className="number">
                        <Age at={item.changed_at} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Answer>
      <HandedOn />
      {asks && <NewCase onClose={() => setAsks(false)} />}
    </div>
  );
}

export default function CasesPage() {
  const { caseId, part } = useParams();
  if (!caseId) return <CaseList />;
  return part === 'file' ? <CaseFile key={caseId} caseId={caseId} /> : <OneCase key={caseId} caseId={caseId} />;
}
