import { useState } from 'react';
import template from '../../../../tools/templates/detector/rule.yml?raw';
import { FormDialog } from '../../components/Dialog';
import { useText } from '../../lib/i18n/useText';
import { isRuleName, newUuid, rootOf } from './draft';

const kExample = 'moved_without_order';

const titleOf = (name: string) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ');

/** A rule that works already, to be written over: the same that `tools/new.py` makes. */
const textOf = (name: string) =>
  template.replace('@UUID@', newUuid()).replace('@TITLE@', titleOf(name)).replaceAll('@ID@', name);

export function NewRule(props: {
  taken: string[];
  onMake: (path: string, text: string) => void;
  onClose: () => void;
}) {
  const t = useText();
  const [name, setName] = useState('');
  const path = `${rootOf(props.taken)}${name}/rule.yml`;
  const isTaken = props.taken.includes(path);
  return (
    <FormDialog
      title={t('rule_edit.new')}
      lead={t('rule_edit.new.lead')}
      send={t('rule_edit.new.make')}
      busy={false}
      disabled={!isRuleName(name) || isTaken}
      onSend={() => {
        props.onMake(path, textOf(name));
        props.onClose();
      }}
      onClose={props.onClose}
    >
      <label className="field">
        <span>{t('rule_edit.new.name')}</span>
        <input
          className="input fixed"
          autoFocus
          maxLength={80}
          value={name}
          placeholder={kExample}
          onChange={(event) => setName(event.target.value)}
        />
        <small>{t(isTaken ? 'rule_edit.new.taken' : 'rule_edit.new.name.what')}</small>
      </label>
    </FormDialog>
  );
}
