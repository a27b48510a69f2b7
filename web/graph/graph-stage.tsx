import { type KeyboardEvent, type RefObject, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Camera } from './camera.ts';
import { onThemeChange, readColors } from './graph-colors.ts';
import { GraphNode, type NodeActions } from './graph-node.tsx';
import { GraphPainter } from './graph-painter.ts';
import type { GraphView } from './graph-view.ts';
import type { Layout } from './layout/layout-graph.ts';
import { nextNode, type Arrow } from './next-node.ts';
import type { StatusSource } from './node-status.ts';
import { stateOfTally } from './task-tallies.ts';
import { useGestures } from './use-gestures.ts';
import { useScreen } from './use-screen.ts';
import { fit, reveal, type ViewBox } from './view-box.ts';
import { regionKey, visibleBoxes } from './visible-nodes.ts';
import classes from './graph.module.css';

interface GraphStageProps {
  readonly label: string;
  readonly view: GraphView;
  readonly layout: Layout;
  readonly camera: Camera;
  readonly statuses: StatusSource;
  readonly selected: string | undefined;
  readonly marked: ReadonlySet<string>;
  readonly actions: NodeActions;
  readonly onLeave: () => void;
}

/** The graph itself: a canvas with the edges, over it the nodes that can be read, moved as one. */
export function GraphStage(props: GraphStageProps) {
  const { label, view, layout, camera, statuses, selected, marked, actions } = props;
  const stage = useRef<HTMLDivElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  const places = useMemo(() => new Map(layout.boxes.map((box) => [box.id, box])), [layout]);
  const [focused, setFocused] = useState<string>();
  const focusable =
    focused !== undefined && places.has(focused)
      ? focused
      : selected !== undefined && places.has(selected)
        ? selected
        : layout.boxes[0]?.id;
  useScreen(stage, camera);
  useGestures(stage, camera);
  useCanvas(stage, props);
  const region = useRegion(stage, layer, camera);
  const boxes = useMemo(() => visibleBoxes(layout, camera.view, camera.screen, focusable), [layout, camera, focusable, region]);
  const focus = (id: string) => {
    setFocused(id);
    camera.glide(reveal(camera.view, places.get(id)!, camera.screen));
    // It may not have been in view: it is there after it was drawn.
    requestAnimationFrame(() => requestAnimationFrame(() => elementOf(stage.current, id)?.focus({ preventScroll: true })));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const node = focusable === undefined ? undefined : view.nodes.get(focusable);
    if (!node || event.ctrlKey || event.metaKey || event.altKey) return;
    if (handleKey(event.key, node.id)) event.preventDefault();
  };
  const handleKey = (key: string, id: string): boolean => {
    const node = view.nodes.get(id)!;
    if (key.startsWith('Arrow')) {
      const next = nextNode(node, key as Arrow, { places, direction: layout.direction });
      if (next !== undefined) focus(next);
    } else if (key === 'Home' || key === 'End') focus(layout.boxes.at(key === 'Home' ? 0 : -1)!.id);
    else if (key === 'Enter') actions.select(id);
    else if (key === ' ' && node.kind === 'group') actions.toggle(id);
    else if (key === '+' || key === '=') camera.zoom(1.25);
    else if (key === '-') camera.zoom(0.8);
    else if (key === '0') camera.glide(fit(layout, camera.screen));
    else if (key === 'Escape') props.onLeave();
    else return false;
    return true;
  };
  return (
    <div ref={stage} className={classes['stage']} onKeyDown={onKeyDown} onClick={props.onLeave}>
      <div className={classes['dots']} aria-hidden="true" />
      <canvas className={classes['canvas']} aria-hidden="true" />
      <div
        ref={layer}
        className={classes['layer']}
        role="tree"
        aria-label={label}
        onFocus={(event) => setFocused((event.target as HTMLElement).dataset['node'] ?? focused)}
      >
        {boxes.map((box) => (
          <GraphNode
            key={box.id}
            node={view.nodes.get(box.id)!}
            box={box}
            statuses={statuses}
            isSelected={box.id === selected}
            isFocused={box.id === focusable}
            isMarked={marked.has(box.id)}
            actions={actions}
          />
        ))}
      </div>
    </div>
  );
}

const elementOf = (stage: HTMLElement | null, id: string): HTMLElement | null | undefined =>
  stage?.querySelector<HTMLElement>(`[data-node="${CSS.escape(id)}"]`);

/** Keeps the canvas the picture of the scene. */
function useCanvas(stage: RefObject<HTMLElement | null>, { layout, camera, statuses, selected, view }: GraphStageProps): void {
  useLayoutEffect(() => {
    const canvas = stage.current!.querySelector('canvas')!;
    const painter = new GraphPainter(canvas, camera);
    const lit = new Set(
      selected === undefined
        ? []
        : [selected, ...layout.bundles.filter(({ members }) => members.includes(selected)).map(({ id }) => id)],
    );
    const stateOf = (id: string): string | undefined => {
      const { state, tally } = statuses.statusOf(id);
      return state ?? (tally && stateOfTally(tally));
    };
    const show = () => painter.show({ layout, colors: readColors(stage.current!), lit, stateOf });
    show();
    const stops = [
      camera.subscribe(() => painter.follow()),
      statuses.subscribe((ids) => painter.statesChanged(ids)),
      onThemeChange(show),
    ];
    return () => stops.forEach((stop) => stop());
  }, [stage, layout, camera, statuses, selected, view]);
}

/** Moves the layer of nodes with the camera; tells when other nodes may have come into view. */
function useRegion(stage: RefObject<HTMLElement | null>, layer: RefObject<HTMLElement | null>, camera: Camera): string {
  const [region, setRegion] = useState('');
  useLayoutEffect(() => {
    const follow = () => {
      const { view } = camera;
      layer.current!.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.zoom})`;
      moveDots(stage.current!.firstElementChild as HTMLElement, view);
      setRegion(`${regionKey(view)} ${camera.screen.width} ${camera.screen.height}`);
    };
    follow();
    return camera.subscribe(follow);
  }, [stage, layer, camera]);
  return region;
}

const DOT_DISTANCE = 24;
/** With the dots of a smaller zoom there would be a grey. */
const LEAST_DOT_ZOOM = 0.4;

function moveDots(dots: HTMLElement, { x, y, zoom }: ViewBox): void {
  const distance = DOT_DISTANCE * zoom * (zoom < 0.8 ? 2 : 1);
  dots.hidden = zoom < LEAST_DOT_ZOOM;
  const size = `${distance}px ${distance}px`;
  if (dots.style.backgroundSize !== size) dots.style.backgroundSize = size;
  // Only moved, never painted again.
  dots.style.transform = `translate(${x % distance}px, ${y % distance}px)`;
}
