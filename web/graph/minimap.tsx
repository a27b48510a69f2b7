import { type PointerEvent, useEffect, useRef } from 'react';
import type { Camera } from './camera.ts';
import { onThemeChange, readColors } from './graph-colors.ts';
import type { Layout } from './layout/layout-graph.ts';
import type { StatusSource } from './node-status.ts';
import { visiblePart } from './view-box.ts';
import classes from './graph.module.css';

const WIDTH = 168;
const HEIGHT = 104;
const PADDING = 6;
/** The map is redrawn at most this often while states change. */
const REDRAW_MS = 500;

interface MinimapProps {
  readonly layout: Layout;
  readonly camera: Camera;
  readonly statuses: StatusSource;
}

/** The whole graph in a corner, with a frame around what is seen; hidden while all of it is seen. For the mouse only: keys have Home, End and 0. */
export function Minimap({ layout, camera, statuses }: MinimapProps) {
  const map = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const root = useRef<HTMLDivElement>(null);
  const scale = Math.min(
    (WIDTH - 2 * PADDING) / Math.max(1, layout.width),
    (HEIGHT - 2 * PADDING) / Math.max(1, layout.height),
    0.2,
  );
  const [left, top] = [(WIDTH - layout.width * scale) / 2, (HEIGHT - layout.height * scale) / 2];
  useEffect(() => {
    const follow = () => {
      const part = visiblePart(camera.view, camera.screen);
      const isAllSeen =
        part.x <= 0 && part.y <= 0 && part.x + part.width >= layout.width && part.y + part.height >= layout.height;
      root.current!.hidden = isAllSeen;
      Object.assign(frame.current!.style, {
        transform: `translate(${left + part.x * scale}px, ${top + part.y * scale}px)`,
        width: `${part.width * scale}px`,
        height: `${part.height * scale}px`,
      });
    };
    follow();
    return camera.subscribe(follow);
  }, [camera, layout, scale, left, top]);
  useEffect(() => {
    const draw = () => drawMap(map.current!, { layout, statuses, scale, left, top });
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => (timer ??= setTimeout(() => ((timer = undefined), draw()), REDRAW_MS));
    draw();
    const stops = [statuses.subscribe(soon), onThemeChange(draw), () => clearTimeout(timer)];
    return () => stops.forEach((stop) => stop());
  }, [layout, statuses, scale, left, top]);
  const move = (event: PointerEvent<HTMLElement>) => {
    if (event.buttons !== 1) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const box = event.currentTarget.getBoundingClientRect();
    const { zoom } = camera.view;
    const [x, y] = [(event.clientX - box.left - left) / scale, (event.clientY - box.top - top) / scale];
    camera.look({ zoom, x: camera.screen.width / 2 - x * zoom, y: camera.screen.height / 2 - y * zoom });
  };
  return (
    <div
      ref={root}
      className={classes['minimap']}
      aria-hidden="true"
      onPointerDown={move}
      onPointerMove={move}
      style={{ width: WIDTH, height: HEIGHT }}
    >
      <canvas ref={map} style={{ width: WIDTH, height: HEIGHT }} />
      <div ref={frame} className={classes['minimapFrame']} />
    </div>
  );
}

interface Map {
  readonly layout: Layout;
  readonly statuses: StatusSource;
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

function drawMap(canvas: HTMLCanvasElement, { layout, statuses, scale, left, top }: Map): void {
  canvas.width = WIDTH * devicePixelRatio;
  canvas.height = HEIGHT * devicePixelRatio;
  const context = canvas.getContext('2d')!;
  const colors = readColors(canvas.parentElement!);
  context.scale(devicePixelRatio, devicePixelRatio);
  context.translate(left, top);
  for (const box of layout.boxes) {
    const state = statuses.statusOf(box.id).state;
    context.fillStyle = box.isFrame
      ? colors.frame
      : state === undefined
        ? colors.nodeBorder
        : (colors.states[state] ?? colors.nodeBorder);
    context.fillRect(box.x * scale, box.y * scale, Math.max(1, box.width * scale), Math.max(1, box.height * scale));
  }
}
