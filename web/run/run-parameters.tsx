import { Badge } from '../ui/badge.tsx';
import { Empty, SkeletonRows } from '../ui/feedback.tsx';
import { Facts, Panel } from '../ui/panel.tsx';
import { Value } from './values.tsx';
import type { Run } from './use-run.ts';
import classes from './run.module.css';

/** What the run was started with. */
export function RunParameters({ run: { view } }: { readonly run: Run }) {
  if (!view) return <SkeletonRows />;
  const parameters = Object.entries(view.parameters ?? {});
  const given = new Set(view.given);
  return (
    <div className={classes['scrolling']}>
      {parameters.length === 0 ? (
        <Empty icon="settings" title="This pipeline has no parameters" />
      ) : (
        <Panel title="Parameters">
          <dl className={classes['values']}>
            {parameters.map(([name, value]) => (
              <div key={name}>
                <dt>
                  {name} {!given.has(name) && <Badge>default</Badge>}
                </dt>
                <dd>
                  <Value value={value} />
                </dd>
              </div>
            ))}
          </dl>
        </Panel>
      )}
      <Panel title="Settings">
        <Facts
          rows={[
            ['Pipeline root', view.pipeline_root && <code>{view.pipeline_root}</code>],
            ['Cache', view.is_cache_used ? 'used' : 'not used'],
            ['Service account', view.service_account],
            ['Namespace', view.run?.namespace],
            ['Run', <code key="id">{view.run?.run_id}</code>],
            ['Description', view.run?.description],
          ]}
        />
      </Panel>
    </div>
  );
}
