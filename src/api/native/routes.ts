import { LIST_QUERY, type Routes } from '../route.ts';

/** Where our own operations are. Tasks and artifacts are where upstream will have them. */
const OWN = '/apis/pipewright/v1';
const V2 = '/apis/v2beta1';
const RUN = `${OWN}/runs/{run_id}` as const;
const TASK = `${RUN}/tasks/{task_id}` as const;
const VERSION = `${OWN}/pipelines/{pipeline_id}/versions/{pipeline_version_id}` as const;
const ARTIFACT = `${OWN}/artifacts/{artifact_id}` as const;

/** Operations of our own API, a table. */
export const NATIVE_ROUTES = {
  System_Get: {
    method: 'GET',
    path: `${OWN}/system`,
    reply: 'System',
    access: 'viewers:get',
    summary: 'What this server is and how busy it is',
  },
  OpenApi_Get: {
    method: 'GET',
    path: `${OWN}/openapi/{dialect}`,
    reply: 'Empty',
    access: 'open',
    form: 'raw',
    summary: 'The OpenAPI document of a dialect: v2beta1, v1beta1 or v1 (this one)',
  },
  Search_Find: {
    method: 'GET',
    path: `${OWN}/search`,
    query: { query: 'string', namespace: 'string', limit: 'int32' },
    reply: 'SearchResponse',
    access: 'runs:list',
    summary: 'Finds pipelines, versions, experiments, runs, recurring runs and artifacts by name or id',
  },
  Event_Stream: {
    method: 'GET',
    path: `${OWN}/events`,
    query: { namespace: 'string' },
    reply: 'Empty',
    access: 'runs:list',
    form: 'raw',
    summary: 'Server-sent events: `run` with a RunSummary whenever a run changes',
  },
  Cron_Preview: {
    method: 'GET',
    path: `${OWN}/cron`,
    query: { expression: 'string', count: 'int32' },
    reply: 'DueTimes',
    access: 'jobs:list',
    summary: 'The next times of a cron expression',
  },

  Run_List: {
    method: 'GET',
    path: `${OWN}/runs`,
    query: { ...LIST_QUERY, namespace: 'string', experiment_id: 'string', pipeline_id: 'string', recurring_run_id: 'string' },
    reply: 'ListRunSummariesResponse',
    access: 'runs:list',
    summary: 'Runs without their pipelines; filters are those of v2beta1',
  },
  Run_Compare: {
    method: 'GET',
    path: `${OWN}/comparisons`,
    query: { run_ids: 'string[]' },
    reply: 'Comparison',
    access: 'runs:get',
    summary: 'Parameters, metrics and tasks of 2 to 10 runs side by side',
  },
  Run_Get: { method: 'GET', path: RUN, reply: 'RunView', access: 'runs:get', summary: 'A run, and why it failed' },
  Run_GetGraph: {
    method: 'GET',
    path: `${RUN}/graph`,
    reply: 'Graph',
    access: 'runs:get',
    summary: "The run's pipeline as scopes of tasks",
  },
  Run_GetSource: {
    method: 'GET',
    path: `${RUN}/source`,
    reply: 'Empty',
    access: 'runs:get',
    form: 'raw',
    summary: "The run's pipeline as YAML",
  },
  Run_StreamEvents: {
    method: 'GET',
    path: `${RUN}/events`,
    reply: 'Empty',
    access: 'runs:get',
    form: 'raw',
    summary:
      'Server-sent events: `tasks` with the PipelineTasks that changed (without inputs and outputs), `run` with the RunSummary',
  },
  Run_Resume: {
    method: 'POST',
    path: `${RUN}:resume`,
    body: 'ResumeRunRequest',
    reply: 'RunSummary',
    access: 'runs:retry',
    summary: 'Goes on with a run that ended, keeping what succeeded, or runs it again from a task',
  },
  Run_Clone: {
    method: 'POST',
    path: `${RUN}:clone`,
    body: 'CloneRunRequest',
    reply: 'RunSummary',
    access: 'runs:create',
    summary: 'Starts the same pipeline again, with changed parameters',
  },

  Task_List: {
    method: 'GET',
    path: `${V2}/runs/{run_id}/tasks`,
    query: {
      parent_id: 'string',
      page_size: 'int32',
      page_token: 'string',
      filter: 'string',
      order_by: 'string',
      view: 'string',
    },
    reply: 'ListTasksResponse',
    access: 'runs:get',
    summary: 'Tasks of a run in the order of their numbers; view=BASIC leaves out inputs and outputs (preview of an API to come)',
  },
  Task_Get: {
    method: 'GET',
    path: `${V2}/runs/{run_id}/tasks/{task_id}`,
    reply: 'PipelineTask',
    access: 'runs:get',
    summary: 'A task (preview of an API to come)',
  },
  Task_GetDetail: {
    method: 'GET',
    path: TASK,
    reply: 'TaskDetail',
    access: 'runs:get',
    summary: 'A task with its attempts, what was started, and why it was cached or not',
  },
  Task_GetLog: {
    method: 'GET',
    path: `${TASK}/log`,
    query: { attempt: 'int32', offset: 'int64', limit: 'int64', tail: 'int64', follow: 'bool', download: 'bool' },
    reply: 'Empty',
    access: 'runs:get',
    form: 'raw',
    summary:
      'The log of an attempt (default: the last): bytes from `offset`, the last `tail` bytes, or a Range; X-Log-Offset and X-Log-Size say where the answer lies; with `follow` it goes on until the attempt ends',
  },

  Version_GetGraph: {
    method: 'GET',
    path: `${VERSION}/graph`,
    reply: 'Graph',
    access: 'pipelines:get',
    summary: 'A pipeline version as scopes of tasks',
  },
  Version_GetInputs: {
    method: 'GET',
    path: `${VERSION}/inputs`,
    reply: 'PipelineInputs',
    access: 'pipelines:get',
    summary: 'What a run of this version can be given, and what recent runs were given',
  },
  Version_GetSource: {
    method: 'GET',
    path: `${VERSION}/source`,
    reply: 'Empty',
    access: 'pipelines:get',
    form: 'raw',
    summary: 'The text that was uploaded',
  },
  Pipeline_Inspect: {
    method: 'POST',
    path: `${OWN}/inspections`,
    reply: 'Inspection',
    access: 'pipelines:get',
    form: 'upload',
    summary: 'Reads a pipeline file without keeping it: inputs, graph, and all problems',
  },

  Artifact_List: {
    method: 'GET',
    path: `${V2}/artifacts`,
    query: { ...LIST_QUERY, namespace: 'string' },
    reply: 'ListArtifactResponse',
    access: 'runs:list',
    summary: 'Artifacts (preview of an API to come)',
  },
  Artifact_Get: {
    method: 'GET',
    path: `${V2}/artifacts/{artifact_id}`,
    reply: 'Artifact',
    access: 'runs:readArtifact',
    summary: 'An artifact (preview of an API to come)',
  },
  ArtifactTask_List: {
    method: 'GET',
    path: `${V2}/artifact_tasks`,
    query: {
      task_ids: 'string[]',
      run_ids: 'string[]',
      artifact_ids: 'string[]',
      type: 'IOType',
      page_size: 'int32',
      page_token: 'string',
    },
    reply: 'ListArtifactTasksResponse',
    access: 'runs:list',
    summary: 'Which task read or wrote which artifact (preview of an API to come)',
  },
  Artifact_GetLineage: {
    method: 'GET',
    path: `${ARTIFACT}/lineage`,
    query: { depth: 'int32' },
    reply: 'Lineage',
    access: 'runs:readArtifact',
    summary: 'What made an artifact and what used it, across runs, up to a number of executions away (default 2)',
  },
  Artifact_ListFiles: {
    method: 'GET',
    path: `${ARTIFACT}/files`,
    reply: 'ArtifactFiles',
    access: 'runs:readArtifact',
    summary: 'The files of an artifact with their sizes',
  },
  Artifact_GetContent: {
    method: 'GET',
    path: `${ARTIFACT}/content`,
    query: { path: 'string', download: 'bool' },
    reply: 'Empty',
    access: 'runs:readArtifact',
    form: 'raw',
    summary: 'The bytes of an artifact or of one of its files; a Range is answered; a folder comes as tar.gz',
  },
} as const satisfies Routes;
