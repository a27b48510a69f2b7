import { useQuery } from '@tanstack/react-query';
import { ask } from '../../api/query.ts';
import { useMay } from '../../api/session.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { LinkButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Page } from '../../ui/page.tsx';
import classes from './first-steps.module.css';

const MAX_SAMPLES = 4;

/** What to do on a server that has run nothing yet. */
export function FirstSteps() {
  const may = useMay();
  const mayRun = may('RunService_CreateRun');
  const { data } = useQuery(
    ask('PipelineService_ListPipelines', { query: { page_size: MAX_SAMPLES, sort_by: 'created_at asc' } }),
  );
  const command = `kfp --endpoint ${location.origin} run create -e Default -f pipeline.yaml`;
  return (
    <Page title="Home" heading="Nothing has run here yet" layout="narrow">
      <p className={classes['lead']}>
        A pipeline is a graph of steps. A run executes it once, records what every step read, printed and made, and can be looked
        at, compared and repeated.
      </p>
      <ol className={classes['steps']}>
        {data?.pipelines?.map(({ pipeline_id = '', display_name, description }, index) => (
          <li key={pipeline_id} className={classes['step']}>
            <Icon name="pipelines" />
            <div>
              <h2>{display_name}</h2>
              <p>{description || 'A pipeline that is already here.'}</p>
            </div>
            <LinkButton to="/pipelines/$pipelineId" params={{ pipelineId: pipeline_id }} kind="quiet">
              Look at it
            </LinkButton>
            {mayRun && (
              <LinkButton
                to="/runs/new"
                search={{ pipeline: pipeline_id }}
                kind={index === 0 ? 'primary' : 'normal'}
                icon="runs"
                aria-label={`Start ${display_name}`}
              >
                Start
              </LinkButton>
            )}
          </li>
        ))}
        <li className={classes['step']}>
          <Icon name="upload" />
          <div>
            <h2>Your own pipeline</h2>
            <p>A compiled file (YAML, JSON, zip or tar.gz) of kfp, TFX or pipewright.</p>
          </div>
          {may('UploadPipeline') && (
            <LinkButton to="/pipelines/new" icon="upload">
              Upload
            </LinkButton>
          )}
        </li>
        <li className={classes['step']}>
          <Icon name="terminal" />
          <div>
            <h2>From the terminal</h2>
            <p>
              <code>{command}</code>
            </p>
          </div>
          <CopyButton text={command} label="Copy the command" />
        </li>
      </ol>
    </Page>
  );
}
