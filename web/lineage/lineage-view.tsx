import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import { ask } from '../api/query.ts';
import { Camera } from '../graph/camera.ts';
import { onThemeChange, readColors } from '../graph/graph-colors.ts';
import { GraphPainter } from '../graph/graph-painter.ts';
import type { Layout } from '../graph/layout/layout-graph.ts';
import { useGestures } from '../graph/use-gestures.ts';
import { useScreen } from '../graph/use-screen.ts';
import { useLayout } from '../graph/use-layout.ts';
import { fit, type ViewBox } from '../graph/view-box.ts';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { Empty, ErrorMessage, SkeletonRows } from '../ui/feedback.tsx';
import { Icon } from '../ui/icon.tsx';
import { Segments } from '../ui/segments.tsx';
import { StateIcon } from '../ui/state.tsx';
import { artifactNode, executionNode, lineageGraph, type Lineage, neighboursOf } from './lineage-graph.ts';
import graphClasses from '../graph/graph.module.css';
import classes from './lineage.module.css';

const DEPTHS = ['1', '2', '4', '8'].map((value) => ({ value, label: value }));

/** What made an artifact and what used it, across runs: a graph to walk along, and the nearest in words. */
export function LineageView({ artifactId }: { readonly artifactId: string }) {
  const [depth, setDepth] = useState('2');
  const { data, error, refetch } = useQuery(
    ask('Artifact_GetLineage', { params: { artifact_id: artifactId }, query: { depth: Number(depth) } }),
  );
  if (error) return <ErrorMessage title="The lineage cannot be shown" error={error} retry={() => void refetch()} />;
  if (!data) return <SkeletonRows />;
  if ((data.edges ?? []).length === 0) {
    return (
      <Empty icon="artifacts" title="Nothing is known of where it comes from">
        No step that is still kept has written or read this artifact.
      </Empty>
    );
  }
  return (
    <div className={classes['lineage']}>
      <InWords lineage={data} artifactId={artifactId} />
      <div className={classes['depth']}>
        <span className="muted">Executions away</span>
        <Segments label="Executions away" value={depth} options={DEPTHS} onChange={setDepth} />
        {data.is_truncated && <span className="muted">There is more than is shown.</span>}
      </div>
      <LineageStage lineage={data} artifactId={artifactId} />
    </div>
  );
}

function InWords({ lineage, artifactId }: { readonly lineage: Lineage; readonly artifactId: string }) {
  const { madeBy, usedBy } = neighboursOf(lineage, artifactId);
  const list = (executions: typeof madeBy) =>
    executions.map((execution) => (
      <li key={execution.task_id}>
        <Link to="/runs/$runId" params={{ runId: execution.run_id ?? '' }} search={{ task: execution.path }}>
          {execution.display_name}
        </Link>
        <span className="muted"> in {execution.run_name}</span>
      </li>
    ));
  return (
    <dl className={classes['words']}>
      <div>
        <dt>Made by</dt>
        <dd>{madeBy.length === 0 ? <span className="muted">nothing that is kept</span> : <ul>{list(madeBy)}</ul>}</dd>
      </div>
      <div>
        <dt>Used by</dt>
        <dd>{usedBy.length === 0 ? <span className="muted">nothing yet</span> : <ul>{list(usedBy)}</ul>}</dd>
      </div>
    </dl>
  );
}

function LineageStage({ lineage, artifactId }: { readonly lineage: Lineage; readonly artifactId: string }) {
  const stage = useRef<HTMLDivElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  const camera = useMemo(() => new Camera(), []);
  const graph = useMemo(() => lineageGraph(lineage), [lineage]);
  const layout = useLayout(graph, 'right');
  useGestures(stage, camera);
  useStage(stage, layer, { camera, layout, focus: artifactNode(artifactId) });
  const artifacts = new Map((lineage.artifacts ?? []).map((artifact) => [artifactNode(artifact.artifact_id ?? ''), artifact]));
  const executions = new Map((lineage.executions ?? []).map((execution) => [executionNode(execution.task_id ?? ''), execution]));
  return (
    <div className={graphClasses['graph']}>
      <div ref={stage} className={graphClasses['stage']} role="group" aria-label="Lineage">
        <canvas className={graphClasses['canvas']} aria-hidden="true" />
        <div ref={layer} className={graphClasses['layer']}>
          {layout?.boxes.map((box) => {
            const style = { left: box.x, top: box.y, width: box.width, height: box.height };
            const artifact = artifacts.get(box.id);
            const execution = executions.get(box.id);
            if (artifact) {
              return (
                <Link
                  key={box.id}
                  to="/artifacts/$artifactId"
                  params={{ artifactId: artifact.artifact_id ?? '' }}
                  search={{ view: 'lineage' }}
                  style={style}
                  draggable={false}
                  aria-current={artifact.artifact_id === artifactId ? 'page' : undefined}
                  className={classNames(classes['artifact'], artifact.artifact_id === artifactId && classes['isCurrent'])}
                >
                  <Icon name="artifacts" size={15} />
                  <span className={classes['lines']}>
                    <strong>{artifact.name || 'artifact'}</strong>
                    <span>{(artifact.type_name ?? '').replace(/^system\./, '')}</span>
                  </span>
                </Link>
              );
            }
            return (
              execution && (
                <Link
                  key={box.id}
                  to="/runs/$runId"
                  params={{ runId: execution.run_id ?? '' }}
                  search={{ task: execution.path }}
                  style={style}
                  draggable={false}
                  className={classes['execution']}
                >
                  <StateIcon state={execution.state} />
                  <span className={classes['lines']}>
                    <strong>{execution.display_name}</strong>
                    <span>{execution.run_name}</span>
                  </span>
                </Link>
              )
            );
          })}
        </div>
      </div>
      <div className={classes['fit']}>
        <Button onClick={() => layout && camera.look(fit(layout, camera.screen))}>Fit</Button>
      </div>
    </div>
  );
}

/** All of it if it can be read then, else the artifact in the middle. */
function firstLook(layout: Layout, { screen }: Camera, focus: string): ViewBox {
  const all = fit(layout, screen);
  const place = layout.boxes.find(({ id }) => id === focus);
  if (all.zoom >= 0.55 || !place) return all;
  const zoom = 0.75;
  return {
    zoom,
    x: screen.width / 2 - (place.x + place.width / 2) * zoom,
    y: screen.height / 2 - (place.y + place.height / 2) * zoom,
  };
}

interface Stage {
  readonly camera: Camera;
  readonly layout: Layout | undefined;
  readonly focus: string;
}

function useStage(
  stage: React.RefObject<HTMLDivElement | null>,
  layer: React.RefObject<HTMLDivElement | null>,
  { camera, layout, focus }: Stage,
): void {
  useScreen(stage, camera);
  useEffect(() => {
    if (!layout) return;
    const painter = new GraphPainter(stage.current!.querySelector('canvas')!, camera);
    const show = () =>
      painter.show({
        layout,
        colors: readColors(stage.current!),
        lit: new Set([focus]),
        stateOf: () => undefined,
        isAlwaysNear: true,
      });
    const follow = () => {
      const { x, y, zoom } = camera.view;
      layer.current!.style.transform = `translate(${x}px, ${y}px) scale(${zoom})`;
      painter.follow();
    };
    show();
    camera.look(firstLook(layout, camera, focus));
    const stops = [camera.subscribe(follow), onThemeChange(show)];
    return () => stops.forEach((stop) => stop());
  }, [stage, layer, camera, layout, focus]);
}
