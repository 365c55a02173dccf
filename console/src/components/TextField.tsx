import type { ReactNode } from 'react';

/** A line of text of a form, which browsers do not fill in. */
export function TextField(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  maxLength?: number;
  isFirst?: boolean;
  children?: ReactNode;
}) {
  return (
    <label className="field">
      <span>{props.label}</span>
      <input
        className="input"
        autoFocus={props.isFirst}
        maxLength={props.maxLength}
        autoComplete="off"
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
      />
      {props.children}
    </label>
  );
}
