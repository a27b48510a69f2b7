import {
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react';
import { classNames } from './class-names.ts';
import { Icon, type IconName } from './icon.tsx';
import classes from './field.module.css';

interface FieldProps {
  readonly label: ReactNode;
  /** Behind the label: a type, `optional`. */
  readonly note?: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly className?: string;
  /** The control, given what ties it to label, hint and error. */
  readonly children: (control: ControlProps) => ReactNode;
}

export interface ControlProps {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

/** A labelled control of a form with its hint or its error. */
export function Field({ label, note, hint, error, className, children }: FieldProps) {
  const id = useId();
  const hasText = error !== undefined || hint !== undefined;
  return (
    <div className={classNames(classes['field'], className)}>
      <div className={classes['labelRow']}>
        <label htmlFor={id}>{label}</label>
        {note && <span className={classes['note']}>{note}</span>}
      </div>
      {children({
        id,
        'aria-describedby': hasText ? `${id}-text` : undefined,
        'aria-invalid': error === undefined ? undefined : true,
      })}
      {hasText && (
        <div id={`${id}-text`} className={error === undefined ? classes['hint'] : classes['error']}>
          {error ?? hint}
        </div>
      )}
    </div>
  );
}

type TextInputProps = InputHTMLAttributes<HTMLInputElement> & { readonly icon?: IconName; readonly ref?: Ref<HTMLInputElement> };

export function TextInput({ icon, className, ...rest }: TextInputProps) {
  const input = (
    <input type="text" autoComplete="off" spellCheck={false} {...rest} className={classNames(classes['input'], className)} />
  );
  if (icon === undefined) return input;
  return (
    <span className={classes['withIcon']}>
      <Icon name={icon} />
      {input}
    </span>
  );
}

export function TextArea({ className, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return <textarea spellCheck={false} rows={3} {...rest} className={classNames(classes['input'], classes['area'], className)} />;
}

export interface Option {
  readonly value: string;
  readonly label: string;
}

type SelectProps = SelectHTMLAttributes<HTMLSelectElement> & { readonly options: readonly Option[] };

export function Select({ options, className, ...rest }: SelectProps) {
  return (
    <span className={classNames(classes['select'], className)}>
      <select {...rest} className={classes['input']}>
        {options.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <Icon name="chevronDown" size={12} />
    </span>
  );
}

interface CheckboxProps {
  readonly label: ReactNode;
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
  readonly hint?: ReactNode;
}

export function Checkbox({ label, isChecked, onChange, hint }: CheckboxProps) {
  return (
    <label className={classes['checkbox']}>
      <input type="checkbox" checked={isChecked} onChange={(event) => onChange(event.target.checked)} />
      <span>
        {label}
        {hint && <span className={classes['hint']}>{hint}</span>}
      </span>
    </label>
  );
}
