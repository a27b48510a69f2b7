import type { Native } from '../api/operations.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Facts, Panel } from '../ui/panel.tsx';
import { Value } from './values.tsx';
import classes from './task-panel.module.css';

/** What is started for a task: image, command, variables, what it asks for. */
export function TaskEnvironment({
  detail: { launch },
  planned,
}: {
  readonly detail: Native<'TaskDetail'>;
  readonly planned: Native<'GraphTask'> | undefined;
}) {
  const command = launch ? [...(launch.command ?? []), ...(launch.args ?? [])] : (planned?.command ?? []);
  const env = Object.entries(launch?.env ?? {});
  const resources = Object.entries(launch?.resources ?? planned?.resources ?? {});
  const platform = Object.entries(launch?.platform ?? {});
  const image = launch?.image ?? planned?.image;
  if (!image && command.length === 0) return <p className="muted">Nothing is started for it.</p>;
  return (
    <>
      <Panel title="Image">
        <code className={classes['wrap']}>{image}</code>
      </Panel>
      {command.length > 0 && (
        <Panel title="Command" actions={<CopyButton text={command.map(quote).join(' ')} label="Copy the command" />}>
          <pre className={classes['command']} tabIndex={0}>
            {command.join('\n')}
          </pre>
        </Panel>
      )}
      {env.length > 0 && (
        <Panel title="Environment">
          <Facts rows={env.map(([name, value]) => [name, <code key={name}>{value}</code>] as const)} />
        </Panel>
      )}
      {resources.length > 0 && (
        <Panel title="Asks for">
          <Facts rows={resources.map(([name, value]) => [name, <Value key={name} value={value} />] as const)} />
        </Panel>
      )}
      {platform.length > 0 && (
        <Panel title="Platform">
          <Facts rows={platform.map(([name, value]) => [name, <Value key={name} value={value} />] as const)} />
        </Panel>
      )}
      <Panel title="Settings">
        <Facts
          rows={[
            ['Component', planned?.component],
            ['Retries', planned?.max_retries ? `up to ${planned.max_retries}` : 'none'],
            ['Cache', planned?.is_cache_enabled ? 'on' : 'off'],
          ]}
        />
      </Panel>
    </>
  );
}

/** As a POSIX shell reads it back. */
const quote = (part: string): string => (/^[\w./:=@%+,-]+$/.test(part) ? part : `'${part.replaceAll("'", `'\\''`)}'`);
