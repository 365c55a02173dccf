import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { Link, useSearchParams } from 'react-router-dom';
import { Answer } from '../../components/States';
import type { Schemas } from '../../lib/api/client';
import { checkRulesQuery, ruleSetQuery, ruleSetsQuery } from '../../lib/api/lists';
import { useText } from '../../lib/i18n/useText';
import { useKeys } from '../../lib/keys';
import { usePageAction } from '../../lib/pageActions';
import { AskTrial } from './AskTrial';
import { Checked } from './Checked';
import { begin, fileOfRule, isChanged, keep, kept, put, revert, rowsOf, type Draft } from './draft';
import { NewRule } from './NewRule';
import { ProposeRules } from './ProposeRules';
import { RuleFiles } from './RuleFiles';
import { RuleText } from './RuleText';
import { TextDiff } from './TextDiff';
import { TrialCard } from './TrialCard';
import { useTrial } from './useTrial';
import { useVersionText } from './version';
import './edit.css';

/** As the table of keys has it. */
const kTryKey = 'h';

/** So long nothing is typed before what was typed is checked. */
const kPauseMs = 600;

function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), kPauseMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** What the server says of the draft; of the one before while it is still being asked. */
function useChecked(draft: Draft) {
  const settled = useSettled(draft);
  const answer = useQuery({ ...checkRulesQuery(settled.now), enabled: isChanged(settled) });
  return { answer, isFresh: settled === draft && !answer.isFetching };
}

function OtherVersion({ base, now, onDiscard }: { base: number; now: number; onDiscard: () => void }) {
  const t = useText();
  const versionText = useVersionText();
  if (base === now) return null;
  return (
    <div className="notice" role="alert">
      {t('rule_edit.other_version', { base: versionText(base), now: versionText(now) })}{' '}
      <button className="button" onClick={onDiscard}>
        {t('rule_edit.discard')}
      </button>
    </div>
  );
}

function Editor({ set }: { set: Schemas['RuleSet'] }) {
  const t = useText();
  const [search, setSearch] = useSearchParams();
  const [draft, setDraft] = useState(() => kept(set) ?? begin(set));
  const [asks, setAsks] = useState<'new' | 'propose' | 'try'>();
  const [line, setLine] = useState<{ at: number }>();
  const rows = useMemo(() => rowsOf(draft), [draft]);
  const { answer, isFresh } = useChecked(draft);
  const wanted = search.get('file') ?? fileOfRule(draft.now, search.get('rule') ?? '-');
  const row = rows.find(({ path }) => path === wanted) ?? rows[0];
  const changed = isChanged(draft);
  const change = (next: Draft) => {
    keep(next);
    setDraft(next);
  };
  const open = (path: string, at?: number) => {
    setSearch({ file: path }, { replace: true });
    setLine(at === undefined ? undefined : { at });
  };
  const trial = useTrial(draft);
  const discard = () => {
    change(begin(set));
    trial.forget();
  };
  const refused = (changed && answer.data?.refused) || [];
  const mayPropose = changed && isFresh && answer.data !== undefined && refused.length === 0 && answer.data.rules > 0;
  const mayTry = mayPropose && !trial.isUnderWay;
  const ask = () => setAsks('try');
  useKeys({ [kTryKey]: ask }, mayTry);
  usePageAction(mayTry ? { id: 'try', text: t('trial.ask'), run: ask } : undefined);
  return (
    <>
      <OtherVersion base={draft.base} now={set.version} onDiscard={discard} />
      <div className="row wrap edit-bar">
        <button className="button primary" disabled={!mayPropose} onClick={() => setAsks('propose')}>
          {t('rule_edit.propose')}
        </button>
        <button className="button" disabled={!mayTry} onClick={ask}>
          {t('trial.ask')} <kbd>{kTryKey}</kbd>
        </button>
        <button className="button" onClick={() => setAsks('new')}>
          {t('rule_edit.new')}
        </button>
        <button className="button" disabled={!changed} onClick={discard}>
          {t('rule_edit.discard')}
        </button>
      </div>
      <Checked
        changed={changed}
        answer={answer}
        isFresh={isFresh}
        rows={rows}
        onOpen={(path, at) => open(path, at)}
      />
      {trial.isGivenUp && (
        <p className="notice" role="status">
          {t('trial.given_up')}
        </p>
      )}
      {trial.id !== undefined && (
        <TrialCard id={trial.id} isOfDraft={trial.isOfDraft} onGivenUp={trial.givenUp} onForget={trial.forget} />
      )}
      <div className="edit-columns">
        <RuleFiles rows={rows} refused={refused} shown={row?.path} onOpen={(path) => open(path)} />
        {row && (
          <div className="edit-one">
            <RuleText
              key={row.path}
              row={row}
              problems={refused.filter(({ path }) => path === row.path)}
              line={line}
              onChange={(text) => change(put(draft, row.path, text))}
              onRevert={() => change(revert(draft, row.path))}
              onRemove={() => change(put(draft, row.path, undefined))}
            />
            {row.state !== 'same' && <TextDiff name={row.path} before={row.before} now={row.now} />}
          </div>
        )}
      </div>
      {asks === 'new' && (
        <NewRule
          taken={rows.map(({ path }) => path)}
          onMake={(path, text) => {
            change(put(draft, path, text));
            open(path);
          }}
          onClose={() => setAsks(undefined)}
        />
      )}
      {asks === 'try' && (
        <AskTrial files={draft.now} onBegun={trial.begun} onClose={() => setAsks(undefined)} />
      )}
      {asks === 'propose' && (
        <ProposeRules
          files={draft.now}
          backtest={trial.done}
          changes={answer.data?.changes.length ?? 0}
          onDone={discard}
          onClose={() => setAsks(undefined)}
        />
      )}
    </>
  );
}

function InForce({ version }: { version: number }) {
  const answer = useQuery(ruleSetQuery(version));
  const t = useText();
  const { error } = answer;
  // Whoever may not see one rule of the set cannot propose the whole of it.
  if (error && 'problem' in error && (error as { problem: Schemas['Problem'] }).problem.status === 404)
    return <p className="notice">{t('rule_edit.hidden')}</p>;
  return <Answer of={answer}>{(set) => <Editor key={set.version} set={set} />}</Answer>;
}

/** The rules in force as text: change one, see at once what the server says of it, and propose the set. */
export function EditRules() {
  const t = useText();
  return (
    <div className="sheet">
      <p>
        <Link to="/rules">← {t('page.rules')}</Link>
      </p>
      <h1>{t('rule_edit.title')}</h1>
      <p className="quiet">{t('rule_edit.lead')}</p>
      <Answer of={useQuery(ruleSetsQuery)}>{(sets) => <InForce version={sets.in_force.version} />}</Answer>
    </div>
  );
}
