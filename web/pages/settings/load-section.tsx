import { useQuery } from '@tanstack/react-query';
import type { Native } from '../../api/operations.ts';
import { ask } from '../../api/query.ts';
import { formatBytes, formatCount } from '../../base/format.ts';
import { Facts, Panel } from '../../ui/panel.tsx';
import { type Column, Table } from '../../ui/table.tsx';

interface Row extends Native<'ResourceLoad'> {
  readonly node: string;
}

const REFRESH_MS = 2_000;

const COLUMNS: readonly Column<Row>[] = [
  { title: 'Resource', kind: 'main', cell: ({ resource = '' }) => NAMES[resource] ?? resource },
  { title: 'In use', kind: 'number', cell: ({ resource, in_use = 0 }) => amount(resource, in_use) },
  { title: 'There is', kind: 'number', cell: ({ resource, total = 0 }) => amount(resource, total) },
];
const WITH_NODE: readonly Column<Row>[] = [{ title: 'Node pool', cell: ({ node }) => node }, ...COLUMNS];
const NAMES: Readonly<Record<string, string>> = { cpu: 'Processors', memory: 'Memory' };

/** How many steps run and wait on this server, and what they hold of what there is. */
export function LoadSection() {
  const { data } = useQuery({ ...ask('System_Get'), refetchInterval: REFRESH_MS });
  if (!data?.load) return null;
  const { steps_running = 0, steps_waiting = 0, slots = 0, slots_in_use = 0, nodes = [] } = data.load;
  const rows = nodes.flatMap(({ name = '', resources = [] }) => resources.map((resource) => ({ ...resource, node: name })));
  const hasPools = nodes.some(({ name }) => name);
  return (
    <Panel title="Load">
      <Facts
        rows={[
          ['Steps running', formatCount(steps_running)],
          ['Steps waiting', formatCount(steps_waiting)],
          ['Slots in use', `${formatCount(slots_in_use)} of ${formatCount(slots)}`],
        ]}
      />
      <Table
        label="What steps hold"
        rows={rows}
        rowKey={({ node, resource }) => `${node} ${resource}`}
        columns={hasPools ? WITH_NODE : COLUMNS}
      />
    </Panel>
  );
}

const amount = (resource: string | undefined, value: number): string =>
  resource === 'memory' ? formatBytes(value) : String(value);
