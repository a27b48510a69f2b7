import { useQuery } from '@tanstack/react-query';
import { ask } from '../../api/query.ts';
import { formatBytes } from '../../base/format.ts';
import { Facts, Panel } from '../../ui/panel.tsx';
import { Time } from '../../ui/time.tsx';

/** Where runs run. */
export function SystemFacts() {
  const { data } = useQuery(ask('System_Get'));
  if (!data) return null;
  const { steps_running = 0, steps_waiting = 0 } = data.load ?? {};
  const capacity = (data.capacity ?? {}) as { readonly cpuMillis?: number; readonly memoryBytes?: number };
  return (
    <Panel title="System">
      <Facts
        rows={[
          ['Version', data.version],
          ['Steps run as', data.executor],
          ['Steps', steps_waiting === 0 ? `${steps_running} running` : `${steps_running} running, ${steps_waiting} waiting`],
          ['Processors', capacity.cpuMillis === undefined ? undefined : capacity.cpuMillis / 1000],
          ['Memory', capacity.memoryBytes === undefined ? undefined : formatBytes(capacity.memoryBytes)],
          ['Up since', <Time key="up" at={data.started_at} />],
        ]}
      />
    </Panel>
  );
}
