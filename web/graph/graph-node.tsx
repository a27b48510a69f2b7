import { memo, useSyncExternalStore } from 'react';
import { classNames } from '../ui/class-names.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { StateIcon, stateLabel } from '../ui/state.tsx';
import { Duration } from '../ui/time.tsx';
import type { ViewNode } from './graph-view.ts';
import type { Box } from './layout/layout-graph.ts';
import { STATIC, type NodeStatus, type StatusSource } from './node-status.ts';
import { readableCondition } from './readable-condition.ts';
import { TallyBar, tallyText } from './tally-bar.tsx';
import { totalOf } from './task-tallies.ts';
import classes from './graph.module.css';

export interface NodeActions {
  readonly select: (id: string) => void;
  readonly toggle: (id: string) => void;
  readonly enter: (scope: string) => void;
}

interface GraphNodeProps {
  readonly node: ViewNode;
  readonly box: Box;
  readonly statuses: StatusSource;
  readonly isSelected: boolean;
  readonly isFocused: boolean;
  readonly isMarked: boolean;
  readonly actions: NodeActions;
}

/** A node near enough to be read. */
export const GraphNode = memo(function GraphNode({
  node,
  box,
  statuses,
  isSelected,
  isFocused,
  isMarked,
  actions,
}: GraphNodeProps) {
  const status = useStatus(statuses, node.id);
  return (
    <div
      role="treeitem"
      aria-level={node.depth + 1}
      aria-selected={isSelected}
      aria-expanded={node.kind === 'group' ? node.isUnfolded : undefined}
      tabIndex={isFocused ? 0 : -1}
      data-node={node.id}
      className={classNames(
        classes['node'],
        classes[node.isUnfolded ? 'unfolded' : node.kind],
        isSelected && classes['selected'],
        isMarked && classes['marked'],
        node.task.is_exit && classes['exit'],
        node.kind !== 'artifact' && status.state === undefined && statuses !== STATIC && classes['idle'],
      )}
      style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
      onClick={(event) => {
        event.stopPropagation();
        actions.select(node.id);
      }}
      onDoubleClick={() => node.kind === 'group' && actions.toggle(node.id)}
    >
      {node.kind === 'artifact' ? <ArtifactFace node={node} /> : <TaskFace node={node} status={status} actions={actions} />}
    </div>
  );
});

function useStatus(statuses: StatusSource, id: string): NodeStatus {
  return useSyncExternalStore(
    (tell) => statuses.subscribe((changed) => changed.has(id) && tell()),
    () => statuses.statusOf(id),
  );
}

function ArtifactFace({ node }: { readonly node: ViewNode }) {
  return (
    <>
      <Icon name="artifacts" size={13} />
      <span className="truncate">{node.label}</span>
      <span className="visually-hidden">, artifact</span>
    </>
  );
}

function TaskFace({
  node,
  status,
  actions,
}: {
  readonly node: ViewNode;
  readonly status: NodeStatus;
  readonly actions: NodeActions;
}) {
  const { task } = node;
  const hasTally = status.tally !== undefined && (node.kind === 'group' || totalOf(status.tally) > 1 || task.kind === 'loop');
  return (
    <>
      {task.condition !== undefined && (
        <span className={classes['condition']} title={`Runs if ${readableCondition(task.condition)}`}>
          <span className={classes['diamond']} />
          <span className="truncate">if {readableCondition(task.condition)}</span>
        </span>
      )}
      <span className={classes['face']}>
        <span className={classes['first']}>
          {status.state === undefined ? (
            <Icon name={KIND_ICONS[task.kind ?? ''] ?? 'terminal'} size={14} />
          ) : (
            <StateIcon state={status.state} size={14} />
          )}
          <span className={classes['label']} title={node.label}>
            {node.label}
          </span>
          {node.kind === 'group' && <GroupButtons node={node} actions={actions} />}
        </span>
        {!node.isUnfolded && (
          <span className={classes['second']}>
            {hasTally ? (
              <>
                <TallyBar tally={status.tally!} total={status.total} />
                <span>{tallyText(status.tally!, status.total)}</span>
              </>
            ) : (
              <span className={classes['facts']}>
                <PlainLine node={node} status={status} />
              </span>
            )}
          </span>
        )}
      </span>
      <span className="visually-hidden">
        , {[describeKind(node), status.state && stateLabel(status.state)].filter(Boolean).join(', ')}
      </span>
    </>
  );
}

function PlainLine({ node, status }: { readonly node: ViewNode; readonly status: NodeStatus }) {
  if (status.startedAt !== undefined) {
    return (
      <>
        <span>{status.state === 'CACHED' ? 'from the cache' : stateLabel(status.state)}</span>
        {status.state !== 'CACHED' && (
          <span className={classes['end']}>
            <Duration from={status.startedAt} to={status.endedAt} />
          </span>
        )}
      </>
    );
  }
  return <span className="truncate">{status.state === undefined ? describeKind(node) : stateLabel(status.state)}</span>;
}

function GroupButtons({ node, actions }: { readonly node: ViewNode; readonly actions: NodeActions }) {
  const verb = node.isUnfolded ? 'Fold' : 'Unfold';
  const act = (action: () => void) => (event: { stopPropagation(): void }) => {
    event.stopPropagation();
    action();
  };
  return (
    <span className={classes['groupButtons']}>
      <button
        type="button"
        tabIndex={-1}
        aria-label={`Open ${node.label}`}
        title="Show only this"
        onClick={act(() => actions.enter(node.task.scope!))}
      >
        <Icon name="external" size={13} />
      </button>
      <button
        type="button"
        tabIndex={-1}
        aria-label={`${verb} ${node.label}`}
        title={verb}
        onClick={act(() => actions.toggle(node.id))}
      >
        <Icon name={node.isUnfolded ? 'chevronUp' : 'chevronDown'} size={13} />
      </button>
    </span>
  );
}

const KIND_ICONS: Readonly<Record<string, IconName>> = {
  container: 'terminal',
  importer: 'download',
  resolver: 'search',
  volume: 'archive',
  dag: 'pipelines',
  loop: 'recurring',
  suspend: 'pause',
};

/** What a node is, in a few words. */
export function describeKind({ kind, task, size }: ViewNode): string {
  if (kind === 'artifact') return 'artifact';
  if (kind === 'group') return `${task.kind === 'loop' ? 'loop of' : 'group of'} ${size} ${size === 1 ? 'task' : 'tasks'}`;
  if (task.kind === 'container') return task.is_exit ? 'exit task' : imageName(task.image);
  return task.kind ?? '';
}

/** `python:3.11` of `docker.io/library/python:3.11@sha256:…`. */
const imageName = (image: string | undefined): string => image?.replace(/@.*$/, '').replace(/^.*\//, '') ?? 'step';
