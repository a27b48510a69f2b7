import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ask } from '../../api/query.ts';
import { useMay } from '../../api/session.ts';
import { LinkButton } from '../../ui/button.tsx';
import { SkeletonRows } from '../../ui/feedback.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Panel } from '../../ui/panel.tsx';
import classes from './side-list.module.css';

const SHOWN = 5;

export const newestPipelines = ask('PipelineService_ListPipelines', { query: { page_size: SHOWN, sort_by: 'created_at desc' } });

/** The newest pipelines, each with a way to start it. */
export function PipelineStarters() {
  const may = useMay();
  const { data } = useQuery(newestPipelines);
  const mayRun = may('RunService_CreateRun');
  return (
    <Panel
      title="Pipelines"
      actions={
        <Link to="/pipelines" className={classes['all']}>
          Show all
        </Link>
      }
    >
      {!data && <SkeletonRows count={SHOWN} label="Loading pipelines" />}
      {data && !data.pipelines && (
        <p className="muted">
          None yet.{' '}
          <Link to="/pipelines/new" className={classes['link']}>
            Upload one
          </Link>
        </p>
      )}
      <ul className={classes['list']}>
        {data?.pipelines?.map(({ pipeline_id = '', display_name }) => (
          <li key={pipeline_id} className={classes['item']}>
            <Icon name="pipelines" />
            <Link to="/pipelines/$pipelineId" params={{ pipelineId: pipeline_id }} className={classes['name']}>
              {display_name}
            </Link>
            {mayRun && (
              <LinkButton
                to="/runs/new"
                search={{ pipeline: pipeline_id }}
                kind="quiet"
                icon="runs"
                aria-label={`Run ${display_name}`}
              >
                Run
              </LinkButton>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
