import { useState } from 'react';
import type { Native } from '../../api/operations.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/feedback.tsx';
import { ParameterField } from './parameter-field.tsx';
import { initialTexts, readAll, type Texts, type Values } from './parameter-values.ts';
import classes from './parameter-form.module.css';

export interface ParameterFormState {
  readonly inputs: Native<'PipelineInputs'>;
  readonly texts: Texts;
  readonly errors: Readonly<Record<string, string>>;
  readonly values: Values;
  readonly change: (texts: Texts) => void;
  /** Shows what is wrong from now on; true when nothing is. */
  readonly check: () => boolean;
}

/** The state of a form for a pipeline's inputs. To be given a `key`, so that other inputs start anew. */
export function useParameterForm(inputs: Native<'PipelineInputs'>, given: Values): ParameterFormState {
  const parameters = inputs.parameters ?? [];
  const [texts, setTexts] = useState<Texts>(() => initialTexts(parameters, given));
  const [isChecked, setChecked] = useState(false);
  const { values, errors } = readAll(parameters, texts);
  return {
    inputs,
    texts,
    // Nothing is marked as wrong while it is first being typed.
    errors: isChecked ? errors : {},
    values,
    change: (changed) => setTexts((before) => ({ ...before, ...changed })),
    check: () => {
      setChecked(true);
      return Object.keys(errors).length === 0;
    },
  };
}

/** The inputs of a pipeline as fields, those that have to be given first. */
export function ParameterForm({ form }: { readonly form: ParameterFormState }) {
  const { inputs, texts, errors, change } = form;
  const parameters = inputs.parameters ?? [];
  const recent = (inputs.recent ?? []) as readonly Values[];
  const required = (inputs.artifacts ?? []).filter(({ is_optional }) => !is_optional);
  const sorted = parameters.toSorted((a, b) => Number(a.is_optional ?? false) - Number(b.is_optional ?? false));
  return (
    <section aria-labelledby="inputs-heading">
      <header className={classes['header']}>
        <h2 id="inputs-heading">Inputs</h2>
        {recent[0] && (
          <Button kind="quiet" icon="clock" onClick={() => change(initialTexts(parameters, recent[0]!))}>
            As in the last run
          </Button>
        )}
      </header>
      {required.length > 0 && (
        <Notice kind="warning">
          This pipeline wants artifacts as inputs ({required.map(({ name }) => name).join(', ')}), which a run cannot be given.
        </Notice>
      )}
      {parameters.length === 0 && <p className={classes['none']}>This pipeline has no inputs.</p>}
      <div className={classes['fields']}>
        {sorted.map((parameter) => {
          const name = parameter.name ?? '';
          return (
            <ParameterField
              key={name}
              parameter={parameter}
              text={texts[name] ?? ''}
              error={errors[name]}
              recent={recent}
              onChange={(text) => change({ [name]: text })}
            />
          );
        })}
      </div>
    </section>
  );
}
