import { TextField } from '../../components/TextField';
import { useText } from '../../lib/i18n/useText';
import { toggled, unknownOwners, wordsOf } from './words';

/** Whose records are read: chosen among those that are known, or typed; what nobody here knows is asked back. */
export function OwnersField(given: { value: string; known: readonly string[]; onChange: (value: string) => void }) {
  const t = useText();
  const words = wordsOf(given.value);
  const unknown = unknownOwners(words, given.known);
  return (
    <>
      <TextField label={t('organisation.owners')} value={given.value} onChange={given.onChange}>
        <small>{t('organisation.owners.hint')}</small>
      </TextField>
      <div className="row wrap" role="group" aria-label={t('organisation.owners.known')}>
        {['*', ...given.known].map((owner) => (
          <button
            key={owner}
            type="button"
            className="chip"
            aria-pressed={words.includes(owner)}
            onClick={() => given.onChange(toggled(words, owner).join(', '))}
          >
            {owner === '*' ? t('organisation.all') : owner}
          </button>
        ))}
      </div>
      <p role="status" className={unknown.length > 0 ? 'notice' : 'hidden'}>
        {unknown.length > 0 && t('organisation.owners.unknown', { owners: unknown.join(', ') })}
      </p>
    </>
  );
}
