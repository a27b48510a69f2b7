import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Icon } from '../ui/icon.tsx';
import { classNames } from '../ui/class-names.ts';
import { Camera } from './camera.ts';
import { GraphStage } from './graph-stage.tsx';
import { GraphToolbar, type SearchHit } from './graph-toolbar.tsx';
import { scopesAround, viewGraph, type Graph as GraphData, type GraphTask } from './graph-view.ts';
import { preferredDirection } from './preferred-direction.ts';
import type { Direction, Layout } from './layout/layout-graph.ts';
import { Minimap } from './minimap.tsx';
import { STATIC, type StatusSource } from './node-status.ts';
import { useLayout } from './use-layout.ts';
import { afterToggle, firstView, reveal } from './view-box.ts';
import classes from './graph.module.css';

interface GraphProps {
  readonly graph: GraphData;
  /** What the graph is of, for those who do not see it. */
  readonly label: string;
  /** Default: nothing happens in it. */
  readonly statuses?: StatusSource;
  /** The scope that is shown; default: the whole pipeline. */
  readonly root?: string;
  readonly onRoot?: (path: string) => void;
  /** Path of the selected task, or id of the selected artifact (`/train#model`). */
  readonly selected?: string | undefined;
  readonly onSelect?: (id: string | undefined) => void;
  /** Nodes that are pointed out: differences. */
  readonly marked?: ReadonlySet<string>;
  /** Without search and buttons: where the graph is one of several. */
  readonly isPlain?: boolean;
}

const NONE: ReadonlySet<string> = new Set();

/** A pipeline or a run as a graph: groups can be unfolded in place or opened, everything can be reached by keys. */
export function Graph(props: GraphProps) {
  const { graph, label, statuses = STATIC, selected, onSelect = ignore, marked = NONE, isPlain = false } = props;
  const [ownRoot, setOwnRoot] = useState('/');
  const root = props.root ?? ownRoot;
  const onRoot = props.onRoot ?? setOwnRoot;
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(() => new Set(groupsAround(graph, selected, root)));
  const [hasArtifacts, setArtifacts] = useState(false);
  const [chosen, setDirection] = useState<Direction>();
  const view = useMemo(() => viewGraph(graph, { root, unfolded, hasArtifacts }), [graph, root, unfolded, hasArtifacts]);
  const camera = useMemo(() => new Camera(), []);
  const container = useRef<HTMLDivElement>(null);
  const preferred = usePreferredDirection(container, view.layoutGraph);
  const direction = chosen ?? preferred ?? 'right';
  const layout = useLayout(view.layoutGraph, direction);
  useFirstView(camera, layout, {
    nodeCount: view.nodes.size,
    key: `${root} ${direction}`,
    isReady: preferred !== undefined,
    selected,
  });
  const tasks = useMemo(() => allTasks(graph), [graph]);
  const groups = useMemo(() => tasks.flatMap((task) => (task.scope === undefined ? [] : [task.path!])), [tasks]);
  const noteToggle = useToggleView(camera, layout);
  const toggle = (id: string) => {
    noteToggle(id);
    setUnfolded((before) => (before.has(id) ? new Set([...before].filter((path) => path !== id)) : new Set([...before, id])));
  };
  const toggleAll = () => {
    noteToggle('all');
    setUnfolded(unfolded.size > 0 ? NONE : new Set(groups));
  };
  const actions = useMemo(
    () => ({ select: (id: string) => onSelect(id), toggle, enter: (scope: string) => onRoot(scope) }),
    [onSelect, onRoot],
  );
  const goTo = (id: string) => {
    setUnfolded((before) => new Set([...before, ...groupsAround(graph, id, root)]));
    onSelect(id);
    setWanted(id);
  };
  const setWanted = useReveal(camera, layout);
  const search = (text: string): readonly SearchHit[] =>
    tasks
      .filter((task) => isWithin(task.path!, root) && nameOf(task).toLowerCase().includes(text.toLowerCase()))
      .map((task) => ({ id: task.path!, label: nameOf(task) }));
  return (
    <div ref={container} className={classNames(classes['graph'], isPlain && classes['plain'])}>
      {root !== '/' && <Breadcrumbs graph={graph} root={root} onRoot={onRoot} />}
      {layout && preferred !== undefined && (
        <GraphStage
          label={label}
          view={view}
          layout={layout}
          camera={camera}
          statuses={statuses}
          selected={selected}
          marked={marked}
          actions={actions}
          onLeave={() => onSelect(undefined)}
        />
      )}
      {!isPlain && (
        <GraphToolbar
          layout={layout}
          camera={camera}
          direction={direction}
          onDirection={setDirection}
          hasArtifacts={hasArtifacts}
          onArtifacts={setArtifacts}
          unfoldAll={groups.length === 0 ? undefined : toggleAll}
          isAnyUnfolded={unfolded.size > 0}
          search={search}
          onHit={goTo}
        />
      )}
      {!isPlain && layout && <Minimap layout={layout} camera={camera} statuses={statuses} />}
    </div>
  );
}

const ignore = (): void => {};

function Breadcrumbs({
  graph,
  root,
  onRoot,
}: {
  readonly graph: GraphData;
  readonly root: string;
  readonly onRoot: (path: string) => void;
}) {
  return (
    <nav aria-label="Groups" className={classes['breadcrumbs']}>
      {scopesAround(graph, root).map(({ path, label }, index) => (
        <span key={path}>
          {index > 0 && <Icon name="chevronRight" size={12} />}
          {path === root ? (
            <span aria-current="location">{label}</span>
          ) : (
            <button type="button" onClick={() => onRoot(path)}>
              {label}
            </button>
          )}
        </span>
      ))}
    </nav>
  );
}

/** Which way the graph runs if nobody has chosen: the one in which more of it can be read on this screen. */
function usePreferredDirection(
  container: React.RefObject<HTMLElement | null>,
  graph: Parameters<typeof preferredDirection>[0],
): Direction | undefined {
  const [direction, setDirection] = useState<Direction>();
  useEffect(() => {
    const { clientWidth, clientHeight } = container.current!;
    // Once chosen it stays: a graph that turns when a group is unfolded is hard to follow.
    setDirection((before) => before ?? preferredDirection(graph, { width: clientWidth, height: clientHeight }));
  }, [container, graph]);
  return direction;
}

interface FirstView {
  readonly nodeCount: number;
  /** With another key the graph is another one, and is shown anew. */
  readonly key: string;
  readonly isReady: boolean;
  readonly selected: string | undefined;
}

function useFirstView(camera: Camera, layout: Layout | undefined, { nodeCount, key, isReady, selected }: FirstView): void {
  const shown = useRef('');
  useEffect(() => {
    if (!layout || !isReady || shown.current === key || !key.endsWith(layout.direction)) return;
    shown.current = key;
    const look = () => {
      const place = layout.boxes.find(({ id }) => id === selected);
      const first = firstView(layout, camera.screen, nodeCount);
      camera.look(place === undefined ? first : reveal(first, place, camera.screen));
    };
    look();
  }, [camera, layout, nodeCount, key, isReady, selected]);
}

/** After a group was unfolded or folded: looks at what came of it. */
function useToggleView(camera: Camera, layout: Layout | undefined): (id: string) => void {
  const toggled = useRef<{ readonly id: string; readonly layout: Layout | undefined }>(undefined);
  const current = useRef(layout);
  current.current = layout;
  useEffect(() => {
    const { id, layout: old } = toggled.current ?? {};
    if (id === undefined || !layout || layout === old) return;
    const place = layout.boxes.find((box) => box.id === id);
    toggled.current = undefined;
    camera.glide(
      place
        ? afterToggle(layout, camera.screen, { place, view: camera.view })
        : firstView(layout, camera.screen, layout.boxes.length),
    );
  }, [camera, layout]);
  return useCallback((id: string) => (toggled.current = { id, layout: current.current }), []);
}

/** Brings a node into view as soon as it is laid out. */
function useReveal(camera: Camera, layout: Layout | undefined): (id: string) => void {
  const [wanted, setWanted] = useState<string>();
  useEffect(() => {
    const place = layout?.boxes.find(({ id }) => id === wanted);
    if (!place) return;
    camera.glide(reveal(camera.view, place, camera.screen));
    setWanted(undefined);
  }, [camera, layout, wanted]);
  return setWanted;
}

const allTasks = (graph: GraphData): readonly GraphTask[] => (graph.scopes ?? []).flatMap((scope) => scope.tasks ?? []);
const nameOf = (task: GraphTask): string => task.display_name ?? task.key ?? '';
const isWithin = (path: string, root: string): boolean => root === '/' || path.startsWith(`${root}/`);

/** Groups that have to be unfolded for a task to be seen. */
function groupsAround(graph: GraphData, id: string | undefined, root: string): readonly string[] {
  if (id === undefined) return [];
  const path = id.split('#')[0]!;
  return allTasks(graph).flatMap((task) =>
    task.scope !== undefined && path.startsWith(`${task.path}/`) && isWithin(task.path!, root) ? [task.path!] : [],
  );
}
