import { useQuery } from '@tanstack/react-query';
import { Answer } from '../../components/States';
import type { Schemas } from '../../lib/api/client';
import { casesQuery, colleaguesQuery } from '../../lib/api/lists';
import type { Key } from '../../lib/i18n/text';
import { useText } from '../../lib/i18n/useText';

type Given = { chosen: string; onChoose: (id: string) => void };
type Choice = { id: string; text: string; hint?: string };

export const kReasons: readonly Schemas['ReasonCode'][] = [
  'innocent_explained',
  'mistake_put_right',
  'data_error',
  'system_fault',
  'duplicate',
  'known_test',
  'other',
];

/** One of several, the first or the chosen one with the focus. */
function Choices({ name, choices, chosen, onChoose }: Given & { name: Key; choices: Choice[] }) {
  const t = useText();
  return (
    <fieldset className="reasons">
      <legend>{t(name)}</legend>
      {choices.map(({ id, text, hint }, index) => (
        <label key={id}>
          <input
            type="radio"
            name="choice"
            autoFocus={chosen ? id === chosen : index === 0}
            checked={chosen === id}
            onChange={() => onChoose(id)}
          />
          {hint ? <kbd>{hint}</kbd> : <span />}
          {text}
        </label>
      ))}
    </fieldset>
  );
}

/** Why it is dismissed: a word to count by (keys 1 to 7); the sentence is for whoever reads it later. */
export function ReasonChoice({ chosen, onChoose, onDigit }: Given & { onDigit: () => void }) {
  const t = useText();
  const choices = kReasons.map((code, index) => ({ id: code, text: t(`reason.${code}`), hint: String(index + 1) }));
  return (
    <div
      onKeyDown={(event) => {
        const code = kReasons[Number(event.key) - 1];
        if (!code) return;
        event.preventDefault();
        onChoose(code);
        onDigit();
      }}
    >
      <Choices name="dismiss.reason_code" choices={choices} chosen={chosen} onChoose={onChoose} />
    </div>
  );
}

export const kNewCase = 'new';

/** Open cases but those that the alert is in. */
export function CaseChoice({ without, ...given }: Given & { without: readonly string[] }) {
  const t = useText();
  const cases = useQuery(casesQuery('open'));
  return (
    <Answer of={cases}>
      {({ items }) => (
        <Choices
          name="case.which"
          choices={[
            ...items
              .filter(({ case_id }) => !without.includes(case_id))
              .map(({ case_id, title }) => ({ id: case_id, text: title })),
            { id: kNewCase, text: t('case.new') },
          ]}
          {...given}
        />
      )}
    </Answer>
  );
}

export function ColleagueChoice(given: Given) {
  const colleagues = useQuery(colleaguesQuery);
  return (
    <Answer of={colleagues}>
      {({ items }) => (
        <Choices
          name="assign.who"
          choices={items.map(({ id, name, login }) => ({ id, text: name || login }))}
          {...given}
        />
      )}
    </Answer>
  );
}
