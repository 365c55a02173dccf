import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router-dom';
import { casesQuery } from '../lib/api/lists';
import { hasRole, useSession } from '../lib/api/session';
import { useText } from '../lib/i18n/useText';
import { caseLink } from './links';

/** A case by its title, where the reader's list of cases has it. */
export function CaseLink({ caseId }: { caseId: string }) {
  const t = useText();
  const lists = hasRole(useSession(), ['officer', 'viewer']);
  const { data } = useQuery({ ...casesQuery(undefined), enabled: lists });
  const title = data?.items.find(({ case_id }) => case_id === caseId)?.title;
  return <Link to={caseLink(caseId)}>{title ?? t('case.open_it')}</Link>;
}
