import type { Schemas } from '../message.ts';

/**
 * Messages of our own API, a table. Tasks and artifacts have the shape that upstream prepares for the time after MLMD (`PipelineTask`,
 * `Artifact`, `ArtifactTask`: KFP's branch mlmd-removal), with fields of ours behind theirs. As everywhere, zero values are left out.
 */
export const NATIVE_MESSAGES = {
  Empty: {},

  // What upstream prepares.
  PipelineTask: {
    name: 'string',
    display_name: 'string',
    task_id: 'string',
    run_id: 'string',
    cache_fingerprint: 'string',
    create_time: 'instant',
    start_time: 'instant',
    end_time: 'instant',
    state: 'TaskState',
    status_metadata: 'TaskStatusMetadata',
    type: 'TaskType',
    type_attributes: 'TaskTypeAttributes',
    parent_task_id: 'string',
    child_tasks: 'ChildTask[]',
    inputs: 'TaskInputOutputs',
    outputs: 'TaskInputOutputs',
    scope_path: 'string',
    // Ours. Position within the run, the root is 0; `/for-loop-1[0]/train`; container, importer, resolver, volume, dag, loop, suspend.
    number: 'int32',
    path: 'string',
    kind: 'string',
    attempt_count: 'int32',
    /** Why it waits, was skipped, or was not taken from the cache. */
    state_reason: 'string',
    placement: 'Placement',
    error: 'TaskError',
    cached_from_task_id: 'string',
  },
  TaskState: ['RUNTIME_STATE_UNSPECIFIED', 'RUNNING', 'SUCCEEDED', 'SKIPPED', 'FAILED', 'CACHED', 'PENDING', 'CANCELED'],
  TaskType: [
    'TASK_TYPE_UNSPECIFIED',
    'ROOT',
    'RUNTIME',
    'CONDITION_BRANCH',
    'CONDITION',
    'LOOP',
    'EXIT_HANDLER',
    'IMPORTER',
    'DAG',
  ],
  TaskTypeAttributes: { iteration_index: 'int64', iteration_count: 'int64' },
  TaskStatusMetadata: { message: 'string', custom_properties: 'struct' },
  /** The node pool, and the accelerators that are the step's alone, by the index of each on the machine. */
  Placement: { node: 'string', accelerators: 'AssignedAccelerators[]' },
  AssignedAccelerators: { type: 'string', indexes: 'int32[]' },
  ChildTask: { task_id: 'string', name: 'string' },
  TaskInputOutputs: { parameters: 'IOParameter[]', artifacts: 'IOArtifact[]' },
  IOParameter: { value: 'value', type: 'IOType', parameter_key: 'string', producer: 'IOProducer' },
  IOArtifact: { artifacts: 'Artifact[]', type: 'IOType', artifact_key: 'string', producer: 'IOProducer' },
  IOProducer: { task_name: 'string', iteration: 'int64' },
  IOType: [
    'UNSPECIFIED',
    'COMPONENT_DEFAULT_INPUT',
    'TASK_OUTPUT_INPUT',
    'COMPONENT_INPUT',
    'RUNTIME_VALUE_INPUT',
    'COLLECTED_INPUTS',
    'ITERATOR_INPUT',
    'ITERATOR_INPUT_RAW',
    'ITERATOR_OUTPUT',
    'OUTPUT',
    'ONE_OF_OUTPUT',
    'TASK_FINAL_STATUS_OUTPUT',
  ],
  ListTasksResponse: { tasks: 'PipelineTask[]', next_page_token: 'string', total_size: 'int32' },
  Artifact: {
    artifact_id: 'string',
    name: 'string',
    description: 'string',
    type: 'ArtifactType',
    uri: 'string',
    metadata: 'struct',
    number_value: 'double',
    created_at: 'instant',
    namespace: 'string',
    // Ours. `system.Dataset`, or the title of a type of one's own; -1 bytes: not known.
    type_name: 'string',
    size_bytes: 'int64',
    run_id: 'string',
    task_id: 'string',
    pipeline_name: 'string',
  },
  ArtifactType: [
    'TYPE_UNSPECIFIED',
    'Artifact',
    'Model',
    'Dataset',
    'HTML',
    'Markdown',
    'Metric',
    'ClassificationMetric',
    'SlicedClassificationMetric',
  ],
  ListArtifactResponse: { artifacts: 'Artifact[]', total_size: 'int32', next_page_token: 'string' },
  ArtifactTask: {
    id: 'string',
    artifact_id: 'string',
    run_id: 'string',
    task_id: 'string',
    type: 'IOType',
    producer: 'IOProducer',
    key: 'string',
  },
  ListArtifactTasksResponse: { artifact_tasks: 'ArtifactTask[]', total_size: 'int32', next_page_token: 'string' },

  // Ours.
  /** `message` may end with what the step printed last; `summary` is the one line that says most. */
  TaskError: { code: 'int32', message: 'string', summary: 'string', hint: 'string', cause: 'string' },
  Problem: { path: 'string', message: 'string', hint: 'string', line: 'int32', severity: 'string' },
  System: {
    version: 'string',
    started_at: 'instant',
    executor: 'string',
    store: 'string',
    artifact_store: 'string',
    is_login_required: 'bool',
    /** Of the machine or as configured: `slots`, `cpuMillis`, `memoryBytes`, `accelerators` by type. */
    capacity: 'struct',
    load: 'SystemLoad',
    run_counts: 'map<int32>',
  },
  /** What this server's steps hold of what there is. */
  SystemLoad: { steps_running: 'int32', steps_waiting: 'int32', slots: 'int32', slots_in_use: 'int32', nodes: 'NodeLoad[]' },
  /** A node pool; without pools the whole machine, which has no name. Taints as kubectl writes them. */
  NodeLoad: { name: 'string', labels: 'map<string>', taints: 'string[]', resources: 'ResourceLoad[]' },
  /** `cpu` in cores, `memory` in bytes, accelerators by type. */
  ResourceLoad: { resource: 'string', total: 'double', in_use: 'double' },
  RunSummary: {
    run_id: 'string',
    display_name: 'string',
    description: 'string',
    /** PENDING RUNNING PAUSED CANCELING SUCCEEDED FAILED CANCELED */
    state: 'string',
    /** AVAILABLE ARCHIVED */
    storage_state: 'string',
    namespace: 'string',
    experiment_id: 'string',
    experiment_name: 'string',
    pipeline_id: 'string',
    pipeline_version_id: 'string',
    pipeline_name: 'string',
    pipeline_display_name: 'string',
    pipeline_version_name: 'string',
    recurring_run_id: 'string',
    cloned_from_run_id: 'string',
    created_at: 'instant',
    scheduled_at: 'instant',
    started_at: 'instant',
    ended_at: 'instant',
    error: 'TaskError',
  },
  ListRunSummariesResponse: { runs: 'RunSummary[]', total_size: 'int32', next_page_token: 'string' },
  RunView: {
    run: 'RunSummary',
    /** With the pipeline's defaults filled in. */
    parameters: 'struct',
    /** Names of those that were given. */
    given: 'string[]',
    pipeline_root: 'string',
    service_account: 'string',
    outputs: 'TaskInputOutputs',
    /** Leaves by state. */
    task_counts: 'map<int32>',
    cause: 'FailureCause',
    state_history: 'StateChange[]',
    is_cache_used: 'bool',
  },
  StateChange: { at: 'instant', state: 'string' },
  /** The task that made a run fail. */
  FailureCause: {
    task_id: 'string',
    path: 'string',
    display_name: 'string',
    attempt: 'int32',
    error: 'TaskError',
    /** The last lines of its log. */
    log_tail: 'string',
  },
  Graph: {
    pipeline_name: 'string',
    scopes: 'GraphScope[]',
    /** There are more tasks than are listed. */
    is_truncated: 'bool',
  },
  /** A DAG: the root is `/`; paths have no iteration numbers. */
  GraphScope: { path: 'string', tasks: 'GraphTask[]' },
  GraphTask: {
    key: 'string',
    display_name: 'string',
    path: 'string',
    /** container importer resolver volume dag loop suspend */
    kind: 'string',
    /** Path of the scope it opens. */
    scope: 'string',
    /** Keys of tasks of the same scope. */
    depends_on: 'string[]',
    condition: 'string',
    /** It runs whatever became of those it depends on. */
    is_exit: 'bool',
    component: 'string',
    image: 'string',
    command: 'string[]',
    resources: 'struct',
    max_retries: 'int32',
    is_cache_enabled: 'bool',
    parallelism: 'int32',
    inputs: 'GraphPort[]',
    outputs: 'GraphPort[]',
  },
  /** `from`: `task.output` of the same scope, or the input of the scope. */
  GraphPort: { name: 'string', type: 'string', is_artifact: 'bool', from: 'string' },
  PipelineInputs: {
    pipeline_name: 'string',
    description: 'string',
    parameters: 'InputParameter[]',
    artifacts: 'InputArtifact[]',
    /** Arguments of recent runs, the newest first. */
    recent: 'struct[]',
  },
  InputParameter: {
    name: 'string',
    /** STRING NUMBER_INTEGER NUMBER_DOUBLE BOOLEAN LIST STRUCT TASK_FINAL_STATUS */
    type: 'string',
    description: 'string',
    is_optional: 'bool',
    has_default: 'bool',
    default: 'value',
    literals: 'value[]',
  },
  InputArtifact: { name: 'string', type: 'string', description: 'string', is_optional: 'bool', is_list: 'bool' },
  Inspection: {
    /** pipeline, argo, or unknown */
    kind: 'string',
    inputs: 'PipelineInputs',
    graph: 'Graph',
    problems: 'Problem[]',
  },
  TaskDetail: {
    task: 'PipelineTask',
    attempts: 'Attempt[]',
    cache: 'CacheExplanation',
    launch: 'Launch',
    events: 'TaskEvent[]',
  },
  Attempt: {
    attempt: 'int32',
    state: 'string',
    error: 'TaskError',
    launched_at: 'instant',
    started_at: 'instant',
    ended_at: 'instant',
    cpu_ms: 'int64',
    peak_memory_bytes: 'int64',
    log_bytes: 'int64',
    placement: 'Placement',
  },
  PipelineUse: { pipeline_name: 'string', steps: 'StepUse[]' },
  /** Steps that were measured; iterations of a loop count as one. */
  StepUse: {
    path: 'string',
    attempts: 'int32',
    /** They are of earlier versions of the component: this one has not run yet. */
    is_older: 'bool',
    /** The most that any of them held. */
    peak_memory_bytes: 'int64',
    /** Processor time per time, in thousandths of a core: what 95 in 100 did not exceed, and the most. */
    cpu_millis: 'int32',
    most_cpu_millis: 'int32',
    /** An attempt that had so much needed more, and was ended. */
    too_little_bytes: 'int64',
    /** Absent where it comes from parameters. */
    asked: 'AskedRequest',
    /** Where that is far from what it used: "asks 4 CPU, used at most 0.3". */
    advice: 'string[]',
    /** Kubernetes quantities, and the same as Python appends it to the call of the component. */
    suggested_cpu: 'string',
    suggested_memory: 'string',
    python: 'string',
  },
  AskedRequest: { cpu_millis: 'int32', cpu_limit_millis: 'int32', memory_bytes: 'int64', memory_limit_bytes: 'int64' },
  CacheExplanation: {
    /** HIT, MISS, or OFF */
    result: 'string',
    reason: 'string',
    fingerprint: 'string',
    from_run_id: 'string',
    from_task_id: 'string',
    /** What differs from the last execution of the same task. */
    differences: 'CacheDifference[]',
  },
  CacheDifference: { what: 'string', before: 'value', now: 'value' },
  /** What is started for a task, as far as it is known before it starts. */
  Launch: {
    image: 'string',
    command: 'string[]',
    args: 'string[]',
    env: 'map<string>',
    resources: 'struct',
    platform: 'struct',
  },
  TaskEvent: { at: 'instant', kind: 'string', attempt: 'int32', message: 'string' },
  ResumeRunRequest: { from_task_id: 'string' },
  CloneRunRequest: { display_name: 'string', parameters: 'struct', experiment_id: 'string', is_cache_off: 'bool' },
  Comparison: { runs: 'RunSummary[]', parameters: 'ComparedRow[]', metrics: 'ComparedRow[]', tasks: 'ComparedTask[]' },
  /** Values in the order of the runs; null where a run has none. */
  ComparedRow: { name: 'string', values: 'value[]', is_different: 'bool' },
  ComparedTask: {
    path: 'string',
    display_name: 'string',
    states: 'string[]',
    duration_ms: 'value[]',
    task_ids: 'string[]',
    is_different: 'bool',
  },
  SearchResponse: { hits: 'SearchHit[]' },
  /** kind: pipeline, pipeline_version, experiment, run, recurring_run, artifact. */
  SearchHit: {
    kind: 'string',
    id: 'string',
    parent_id: 'string',
    title: 'string',
    subtitle: 'string',
    state: 'string',
    created_at: 'instant',
  },
  Lineage: { artifacts: 'Artifact[]', executions: 'LineageExecution[]', edges: 'LineageEdge[]', is_truncated: 'bool' },
  LineageExecution: {
    task_id: 'string',
    run_id: 'string',
    run_name: 'string',
    pipeline_name: 'string',
    path: 'string',
    display_name: 'string',
    state: 'string',
  },
  /** direction: input or output, seen from the execution. */
  LineageEdge: { artifact_id: 'string', task_id: 'string', direction: 'string', name: 'string' },
  ArtifactFiles: { is_folder: 'bool', files: 'ArtifactFile[]', is_truncated: 'bool' },
  ArtifactFile: { path: 'string', size_bytes: 'int64' },
  DueTimes: { times: 'instant[]', description: 'string' },
} as const satisfies Schemas;
