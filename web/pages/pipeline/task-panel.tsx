import type { Native } from '../../api/operations.ts';
import { IconButton } from '../../ui/button.tsx';
import { Facts } from '../../ui/panel.tsx';
import classes from './task-panel.module.css';

type Port = Native<'GraphPort'>;

/** What the pipeline says about a task. */
export function TaskPanel({ task, onClose }: { readonly task: Native<'GraphTask'>; readonly onClose: () => void }) {
  const { display_name, key, path, kind, condition, component, image, command, resources, max_retries, is_cache_enabled } = task;
  return (
    <aside aria-label={`Task ${display_name ?? key}`} className={classes['panel']}>
      <header className={classes['header']}>
        <h2>{display_name || key}</h2>
        <IconButton icon="close" label="Close" onClick={onClose} />
      </header>
      <Facts
        rows={[
          ['Path', <code key="path">{path}</code>],
          ['Kind', kind],
          ['Component', component],
          ['Runs if', condition && <code>{condition}</code>],
          ['Runs after', (task.depends_on ?? []).join(', ')],
          ['Whatever happens', task.is_exit ? 'yes' : undefined],
          ['Image', image && <code>{image}</code>],
          ['Retries', max_retries],
          ['Parallel', task.parallelism],
          ['Cache', kind === 'container' ? (is_cache_enabled ? 'on' : 'off') : undefined],
        ]}
      />
      {command && command.length > 0 && <pre className={classes['command']}>{command.join(' ')}</pre>}
      {resources && Object.keys(resources).length > 0 && (
        <Ports title="Asks for" rows={Object.entries(resources).map(([name, value]) => [name, JSON.stringify(value)])} />
      )}
      <Ports title="Inputs" rows={(task.inputs ?? []).map(rowOf)} />
      <Ports title="Outputs" rows={(task.outputs ?? []).map(rowOf)} />
    </aside>
  );
}

const rowOf = ({ name = '', type = '', from }: Port): readonly [string, string] => [name, from ? `${type} ← ${from}` : type];

function Ports({ title, rows }: { readonly title: string; readonly rows: readonly (readonly [string, string])[] }) {
  if (rows.length === 0) return null;
  return (
    <section className={classes['ports']}>
      <h3>{title}</h3>
      <Facts rows={rows} />
    </section>
  );
}
