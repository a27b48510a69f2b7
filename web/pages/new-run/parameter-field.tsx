import { Field, Select, TextArea, TextInput } from '../../ui/field.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Segments } from '../../ui/segments.tsx';
import { type Parameter, recentValues, textOfValue, type Values } from './parameter-values.ts';
import classes from './parameter-field.module.css';

const TYPES: Readonly<Record<string, string>> = {
  STRING: 'text',
  NUMBER_INTEGER: 'integer',
  NUMBER_DOUBLE: 'number',
  BOOLEAN: 'true or false',
  LIST: 'list',
  STRUCT: 'object',
};

interface ParameterFieldProps {
  readonly parameter: Parameter;
  readonly text: string;
  readonly error: string | undefined;
  /** Arguments of recent runs. */
  readonly recent: readonly Values[];
  readonly onChange: (text: string) => void;
}

/** One input of a pipeline, with the control its type asks for. */
export function ParameterField({ parameter, text, error, recent, onChange }: ParameterFieldProps) {
  const { name = '', type = '', description, has_default, is_optional } = parameter;
  const defaultText = textOfValue(parameter, parameter.default);
  const isChanged = has_default === true && text !== defaultText;
  const used = recentValues(parameter, recent, text);
  const note = `${TYPES[type] ?? type.toLowerCase()}${has_default || is_optional ? '' : ', required'}`;
  return (
    <Field
      label={<span className="mono">{name}</span>}
      note={
        <span className={classes['note']}>
          {isChanged && (
            <button type="button" className={classes['reset']} onClick={() => onChange(defaultText)}>
              Reset
            </button>
          )}
          {note}
        </span>
      }
      hint={description}
      error={error}
      className={classes['field']}
    >
      {(control) => (
        <div className={classes['control']}>
          <Control parameter={parameter} text={text} onChange={onChange} control={control} />
          {used.length > 0 && (
            <Menu
              label={`Recent values of ${name}`}
              icon="clock"
              items={used.map((value) => ({ label: shortened(value), onSelect: () => onChange(value) }))}
            />
          )}
        </div>
      )}
    </Field>
  );
}

interface ControlProps {
  readonly parameter: Parameter;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly control: { readonly id: string };
}

function Control({ parameter, text, onChange, control }: ControlProps) {
  const { name = '', type, literals, is_optional, has_default } = parameter;
  if (literals) {
    const options = literals.map((literal) => ({
      value: textOfValue(parameter, literal),
      label: textOfValue(parameter, literal),
    }));
    const all = text === '' || (is_optional && !has_default) ? [{ value: '', label: 'not given' }, ...options] : options;
    return (
      <Select
        {...control}
        options={all}
        value={text}
        onChange={(event) => onChange(event.target.value)}
        className={classes['wide']}
      />
    );
  }
  if (type === 'BOOLEAN') {
    const options = [
      { value: 'true', label: 'true' },
      { value: 'false', label: 'false' },
    ];
    const all = is_optional && !has_default ? [{ value: '', label: 'not given' }, ...options] : options;
    return <Segments label={name} options={all} value={text} onChange={onChange} />;
  }
  if (type === 'LIST' || type === 'STRUCT' || text.includes('\n')) {
    return (
      <TextArea
        {...control}
        className={classes['code']}
        rows={Math.min(10, Math.max(2, text.split('\n').length))}
        value={text}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  const isNumber = type === 'NUMBER_INTEGER' || type === 'NUMBER_DOUBLE';
  return (
    <TextInput
      {...control}
      inputMode={isNumber ? 'decimal' : 'text'}
      value={text}
      placeholder={has_default ? '' : is_optional ? 'not given' : ''}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

const MAX_LABEL = 60;
const shortened = (value: string): string => {
  const line = value.replaceAll(/\s+/g, ' ') || '(empty)';
  return line.length > MAX_LABEL ? `${line.slice(0, MAX_LABEL)}…` : line;
};
