import { type ReactNode, useState } from 'react';
import { classNames } from '../ui/class-names.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import type { Camera } from './camera.ts';
import type { Direction, Layout } from './layout/layout-graph.ts';
import { fit, ZOOM } from './view-box.ts';
import classes from './graph.module.css';

export interface SearchHit {
  readonly id: string;
  readonly label: string;
}

interface GraphToolbarProps {
  readonly layout: Layout | undefined;
  readonly camera: Camera;
  readonly direction: Direction;
  readonly onDirection: (direction: Direction) => void;
  readonly hasArtifacts: boolean;
  readonly onArtifacts: (hasArtifacts: boolean) => void;
  /** Undefined: there is nothing to unfold. */
  readonly unfoldAll: (() => void) | undefined;
  readonly isAnyUnfolded: boolean;
  readonly search: (text: string) => readonly SearchHit[];
  readonly onHit: (id: string) => void;
}

/** What floats over the graph: search at the left, how it is shown at the right. */
export function GraphToolbar(props: GraphToolbarProps) {
  const { layout, camera, direction, hasArtifacts } = props;
  return (
    <div className={classes['toolbar']} role="toolbar" aria-label="Graph" onClick={(event) => event.stopPropagation()}>
      <GraphSearch search={props.search} onHit={props.onHit} />
      <div className={classes['tools']}>
        <Tool icon="artifacts" label="Show artifacts" isPressed={hasArtifacts} onClick={() => props.onArtifacts(!hasArtifacts)} />
        {props.unfoldAll && (
          <Tool
            icon="pipelines"
            label={props.isAnyUnfolded ? 'Fold all groups' : 'Unfold all groups'}
            isPressed={props.isAnyUnfolded}
            onClick={props.unfoldAll}
          />
        )}
        <Tool
          icon={direction === 'down' ? 'chevronDown' : 'chevronRight'}
          label={direction === 'down' ? 'Lay out from left to right' : 'Lay out from top to bottom'}
          onClick={() => props.onDirection(direction === 'down' ? 'right' : 'down')}
        />
        <span className={classes['divider']} />
        <Tool label="Zoom out" onClick={() => camera.zoom(1 / ZOOM.step)}>
          −
        </Tool>
        <Tool label="Fit the whole graph" onClick={() => layout && camera.glide(fit(layout, camera.screen))}>
          Fit
        </Tool>
        <Tool label="Zoom in" onClick={() => camera.zoom(ZOOM.step)}>
          +
        </Tool>
      </div>
    </div>
  );
}

interface ToolProps {
  readonly icon?: IconName;
  readonly label: string;
  readonly isPressed?: boolean;
  readonly onClick: () => void;
  readonly children?: ReactNode;
}

function Tool({ icon, label, isPressed, onClick, children }: ToolProps) {
  return (
    <button
      type="button"
      className={classNames(classes['tool'], isPressed && classes['isPressed'])}
      aria-label={label}
      title={label}
      aria-pressed={isPressed}
      onClick={onClick}
    >
      {icon ? <Icon name={icon} size={14} /> : children}
    </button>
  );
}

function GraphSearch({ search, onHit }: Pick<GraphToolbarProps, 'search' | 'onHit'>) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(-1);
  const hits = text === '' ? [] : search(text);
  const step = (by: number) => {
    if (hits.length === 0) return;
    const next = (at + by + hits.length) % hits.length;
    setAt(next);
    onHit(hits[next]!.id);
  };
  return (
    <div className={classes['search']} role="search">
      <Icon name="search" size={14} />
      <input
        type="search"
        aria-label="Find a task"
        placeholder="Find a task"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(-1);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') step(event.shiftKey ? -1 : 1);
          if (event.key === 'Escape') setText('');
          event.stopPropagation();
        }}
      />
      {text !== '' && (
        <output className={classes['hits']}>
          {hits.length === 0 ? 'none' : at < 0 ? String(hits.length) : `${at + 1} of ${hits.length}`}
        </output>
      )}
    </div>
  );
}
