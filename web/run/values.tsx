import { Link } from '@tanstack/react-router';
import type { Native } from '../api/operations.ts';
import { formatNumber } from '../artifact/axis.ts';
import { scalarsOf } from '../artifact/classification.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Icon } from '../ui/icon.tsx';
import { formatValue } from './format-value.ts';
import classes from './run.module.css';

type Values = Native<'TaskInputOutputs'>;

/** Parameters and artifacts that a task read or wrote. */
export function Values({ values, empty }: { readonly values: Values | undefined; readonly empty: string }) {
  const { parameters = [], artifacts = [] } = values ?? {};
  if (parameters.length + artifacts.length === 0) return <p className="muted">{empty}</p>;
  return (
    <dl className={classes['values']}>
      {parameters.map(({ parameter_key, value }) => (
        <div key={`p ${parameter_key}`}>
          <dt>{parameter_key}</dt>
          <dd>
            <Value value={value} />
          </dd>
        </div>
      ))}
      {artifacts.map(({ artifact_key, artifacts: list = [] }) => (
        <div key={`a ${artifact_key}`}>
          <dt>{artifact_key}</dt>
          <dd>
            {list.map((artifact) => (
              <ArtifactLine key={artifact.artifact_id} artifact={artifact} />
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A parameter's value as it is: text, or JSON. Long ones scroll. */
export function Value({ value }: { readonly value: unknown }) {
  if (value === undefined || value === null) return <span className="muted">none</span>;
  const text = formatValue(value);
  if (text === '') return <span className="muted">empty text</span>;
  return (
    <span className={classes['value']}>
      <code className={text.includes('\n') ? classes['longValue'] : undefined} tabIndex={text.includes('\n') ? 0 : undefined}>
        {text}
      </code>
      <CopyButton text={text} label="Copy the value" />
    </span>
  );
}

function ArtifactLine({ artifact }: { readonly artifact: Native<'Artifact'> }) {
  const scalars =
    artifact.type_name === 'system.Metrics'
      ? scalarsOf(artifact.metadata ?? {}).filter(({ name }) => name !== 'display_name')
      : [];
  return (
    <div className={classes['artifact']}>
      <Link to="/artifacts/$artifactId" params={{ artifactId: artifact.artifact_id ?? '' }}>
        <Icon name="artifacts" size={14} />
        {artifact.name || 'artifact'}
      </Link>
      <span className="muted">{(artifact.type_name ?? '').replace(/^system\./, '')}</span>
      {scalars.slice(0, 6).map(({ name, value }) => (
        <span key={name} className={classes['scalar']}>
          {name} <strong>{typeof value === 'number' ? formatNumber(value) : String(value)}</strong>
        </span>
      ))}
    </div>
  );
}
