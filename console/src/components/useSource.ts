import { useSession } from '../lib/api/session';
import { kLookupFeed } from '../lib/feeds';
import { useText } from '../lib/i18n/useText';

const kOrganisation = /^o-[0-9a-f]{16}$/;

/** Who said something, in words: the program's own feed, and organisations that are known by an id alone. */
export function useSource() {
  const t = useText();
  const { organisation } = useSession();
  return {
    feedName: (feed: string) => (feed === kLookupFeed ? t('feed.lookups') : feed),
    ownerName: (owner: string) =>
      owner === organisation.id ? organisation.name : kOrganisation.test(owner) ? t('feed.other_owner') : owner,
  };
}
