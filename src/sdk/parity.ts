// Table: what the Python SDK offers and what stands for it here; docs/reference/python-sdk.md is generated from it.
/** What the Python SDK offers (`kfp.dsl` and `kfp.kubernetes` 2.17) and its counterpart here. */
export interface ParityRow {
  /** As it is written in Python. */
  readonly python: string;
  /** As it is written here. */
  readonly here: string;
  /**
   * Where the counterpart is: an export of the package, a method of Task, KubernetesSettings or Channel, an option of `pipeline`
   * or `python`, or `none` with the reason in `note`.
   */
  readonly at:
    | { readonly kind: 'export' | 'task' | 'pod' | 'channel' | 'pipeline' | 'python'; readonly name: string }
    | { readonly kind: 'none' };
  readonly note?: string;
}

export interface ParityGroup {
  readonly title: string;
  readonly rows: readonly ParityRow[];
}

const at = (kind: 'export' | 'task' | 'pod' | 'channel' | 'pipeline' | 'python', name: string): ParityRow['at'] => ({
  kind,
  name,
});
const row = (python: string, here: string, place: ParityRow['at'], note?: string): ParityRow => ({
  python,
  here,
  at: place,
  ...(note === undefined ? {} : { note }),
});

export const PARITY: readonly ParityGroup[] = [
  {
    title: 'Pipelines',
    rows: [
      row('@dsl.pipeline(name=…)', 'pipeline({ name: … }, inputs => { … })', at('export', 'pipeline')),
      row('@dsl.pipeline(display_name=…)', "displayName: '…'", at('pipeline', 'displayName')),
      row('@dsl.pipeline(description=…)', "description: '…'", at('pipeline', 'description')),
      row('@dsl.pipeline(pipeline_root=…)', "pipelineRoot: '…'", at('pipeline', 'pipelineRoot')),
      row('dsl.PipelineConfig(workspace=…)', 'workspace: { size: … }', at('pipeline', 'workspace')),
      row(
        'dsl.WorkspaceConfig, dsl.KubernetesWorkspaceConfig',
        'workspace: { size, accessModes, storageClass }',
        at('pipeline', 'workspace'),
      ),
      row('dsl.PipelineConfig(ttl_seconds_after_…=…)', "ttl: { onCompletion: '1h' }", at('pipeline', 'ttl')),
      row('dsl.PipelineConfig(active_deadline_seconds=…)', "deadline: '2h'", at('pipeline', 'deadline')),
      row('return of the pipeline function', 'return of the pipeline function', at('export', 'pipeline')),
      row('calling a pipeline in a pipeline', 'calling a pipeline in a pipeline', at('export', 'pipeline')),
    ],
  },
  {
    title: 'Components',
    rows: [
      row('@dsl.component', 'component({ name, inputs, outputs }, fn)', at('export', 'component'), 'a TypeScript function'),
      row('@dsl.component', 'python({ source, inputs, outputs })', at('export', 'python'), 'a Python function'),
      row('@dsl.component(base_image=…)', 'baseImage', at('python', 'baseImage')),
      row('@dsl.component(target_image=…)', 'targetImage', at('python', 'targetImage')),
      row('@dsl.component(packages_to_install=…)', 'packagesToInstall', at('python', 'packagesToInstall')),
      row('@dsl.component(pip_index_urls=…)', 'pipIndexUrls', at('python', 'pipIndexUrls')),
      row('@dsl.component(pip_trusted_hosts=…)', 'pipTrustedHosts', at('python', 'pipTrustedHosts')),
      row('@dsl.component(install_kfp_package=…)', 'installKfpPackage', at('python', 'installKfpPackage')),
      row('@dsl.component(kfp_package_path=…)', 'kfpPackagePath', at('python', 'kfpPackagePath')),
      row('@dsl.component(use_venv=…)', 'useVenv', at('python', 'useVenv')),
      row('@dsl.component(additional_funcs=…)', 'preamble', at('python', 'preamble'), 'source before the function'),
      row(
        '@dsl.component(embedded_artifact_path=…)',
        'embed',
        at('python', 'embed'),
        'modules a TypeScript function imports travel with it anyway',
      ),
      row('@dsl.component(output_component_file=…)', '–', { kind: 'none' }, 'compile a pipeline with the one task'),
      row('@dsl.component(task_config_passthroughs=…)', 'taskConfigPassthroughs', at('export', 'containerComponent')),
      row(
        'dsl.TaskConfigField, dsl.TaskConfigPassthrough',
        "taskConfigPassthroughs: ['RESOURCES']",
        at('export', 'containerComponent'),
      ),
      row('@dsl.container_component, dsl.ContainerSpec', 'component({ name, image, command, args })', at('export', 'component')),
      row('@dsl.notebook_component, dsl.run_notebook', 'python({ notebook })', at('python', 'notebook')),
      row('dsl.importer(…)', 'importer({ uri, type })', at('export', 'importer')),
      row(
        'components.load_component_from_file, …_from_url, …_from_text',
        'useComponent(loadComponentFromFile(…))',
        at('export', 'useComponent'),
      ),
      row('dsl.ConcatPlaceholder', 'concat(…)', at('export', 'concat')),
      row('dsl.IfPresentPlaceholder', 'ifPresent(input, then, otherwise)', at('export', 'ifPresent')),
    ],
  },
  {
    title: 'Types',
    rows: [
      row('str', 'string', at('export', 'string')),
      row('int', 'int', at('export', 'int')),
      row('float', 'float', at('export', 'float')),
      row('bool', 'bool', at('export', 'bool')),
      row('list, List[int]', 'list, listOf(int)', at('export', 'listOf')),
      row('dict, Dict[str, int]', 'dict, dictOf<{ … }>()', at('export', 'dictOf')),
      row('x: int = 3', 'x: int.default(3)', at('export', 'int')),
      row('x: Optional[str] = None', 'x: string.optional()', at('export', 'string')),
      row('Literal[…] (of the IR)', "string.oneOf('a', 'b')", at('export', 'string')),
      row('dsl.Artifact', 'Artifact', at('export', 'Artifact')),
      row('dsl.Dataset', 'Dataset', at('export', 'Dataset')),
      row('dsl.Model', 'Model', at('export', 'Model')),
      row('dsl.Metrics', 'Metrics', at('export', 'Metrics')),
      row('dsl.ClassificationMetrics', 'ClassificationMetrics', at('export', 'ClassificationMetrics')),
      row('dsl.SlicedClassificationMetrics', 'SlicedClassificationMetrics', at('export', 'SlicedClassificationMetrics')),
      row('dsl.HTML', 'HTML', at('export', 'HTML')),
      row('dsl.Markdown', 'Markdown', at('export', 'Markdown')),
      row('class with schema_title', "artifactType('acme.Forest')", at('export', 'artifactType')),
      row('dsl.Input[Model], dsl.InputPath', 'inputs: { model: Model }', at('export', 'Model')),
      row('dsl.Output[Model], dsl.OutputPath', 'outputs: { model: Model }', at('export', 'Model')),
      row('Input[List[Model]]', 'inputs: { models: Model.list() }', at('export', 'Model')),
      row('dsl.PipelineTaskFinalStatus', 'finalStatus', at('export', 'finalStatus')),
      row('dsl.TaskConfig', 'taskConfig', at('export', 'taskConfig')),
      row('dsl.get_uri', 'outputs.model.uri', at('export', 'component'), 'in the function of a component'),
    ],
  },
  {
    title: 'Control flow',
    rows: [
      row('with dsl.If(x == 1), dsl.Condition', 'when(x.equals(1), () => { … })', at('export', 'when')),
      row('with dsl.Elif(…)', '.elseWhen(…, () => { … })', at('export', 'when')),
      row('with dsl.Else()', '.otherwise(() => { … })', at('export', 'when')),
      row('dsl.OneOf(a, b)', 'oneOf(when(…).otherwise(…))', at('export', 'oneOf')),
      row('x == y', 'x.equals(y)', at('channel', 'equals')),
      row('x != y', 'x.notEquals(y)', at('channel', 'notEquals')),
      row('x > y', 'x.greaterThan(y)', at('channel', 'greaterThan')),
      row('x >= y', 'x.atLeast(y)', at('channel', 'atLeast')),
      row('x < y', 'x.lessThan(y)', at('channel', 'lessThan')),
      row('x <= y', 'x.atMost(y)', at('channel', 'atMost')),
      row('with dsl.ParallelFor(items) as item', 'forEach(items, item => { … })', at('export', 'forEach')),
      row('dsl.ParallelFor(parallelism=2)', 'forEach(…, { parallelism: 2 })', at('export', 'forEach')),
      row('item.field', "item.get('field')", at('channel', 'get')),
      row('dsl.Collected(task.output)', 'collect(forEach(…))', at('export', 'collect')),
      row('with dsl.ExitHandler(task)', 'exitHandler(task, () => { … })', at('export', 'exitHandler')),
      row("f'{x} and more'", 'text`${x} and more`', at('export', 'text')),
    ],
  },
  {
    title: 'Tasks',
    rows: [
      row('task.output', 'task.output', at('task', 'output')),
      row('task.outputs', 'task.outputs', at('export', 'Task')),
      row('task.name', 'task.name', at('task', 'name')),
      row(
        'task.inputs, task.dependent_tasks, task.channel_inputs',
        '–',
        { kind: 'none' },
        'facts of the compiler, not of a pipeline',
      ),
      row('task.after(…)', '.after(…)', at('task', 'after')),
      row('task.ignore_upstream_failure()', '.ignoreUpstreamFailure()', at('task', 'ignoreUpstreamFailure')),
      row('task.set_caching_options(False)', '.caching(false)', at('task', 'caching')),
      row("task.set_caching_options(True, cache_key='k')", ".caching({ key: 'k' })", at('task', 'caching')),
      row('task.set_retry(3, backoff_duration=…)', ".retry({ limit: 3, backoff: '30s' })", at('task', 'retry')),
      row('task.set_display_name(…)', '.displayName(…)', at('task', 'displayName')),
      row('task.set_env_variable(…)', ".env({ NAME: 'value' })", at('task', 'env')),
      row('task.set_container_image(…)', '.image(…)', at('task', 'image')),
      row('task.set_cpu_request, set_cpu_limit', ".resources({ cpu: '500m', cpuLimit: 1 })", at('task', 'resources')),
      row(
        'task.set_memory_request, set_memory_limit',
        ".resources({ memory: '1Gi', memoryLimit: '2Gi' })",
        at('task', 'resources'),
      ),
      row(
        'task.set_accelerator_type, set_accelerator_limit, set_gpu_limit',
        '.resources({ accelerator: { type, count } })',
        at('task', 'resources'),
      ),
      row(
        'task.add_node_selector_constraint(…)',
        '.resources({ accelerator: { type, count } })',
        at('task', 'resources'),
        'its older name',
      ),
      row('task.set_debug_pause(…)', ".env({ ARGO_DEBUG_PAUSE_AFTER: 'true' })", at('task', 'env')),
    ],
  },
  {
    title: 'Facts about the run',
    rows: [
      row('dsl.PIPELINE_JOB_NAME_PLACEHOLDER', 'run.name', at('export', 'run')),
      row('dsl.PIPELINE_JOB_RESOURCE_NAME_PLACEHOLDER', 'run.resourceName', at('export', 'run')),
      row('dsl.PIPELINE_JOB_ID_PLACEHOLDER', 'run.id', at('export', 'run')),
      row('dsl.PIPELINE_TASK_NAME_PLACEHOLDER', 'run.taskName', at('export', 'run')),
      row('dsl.PIPELINE_TASK_ID_PLACEHOLDER', 'run.taskId', at('export', 'run')),
      row('dsl.PIPELINE_JOB_CREATE_TIME_UTC_PLACEHOLDER', 'run.createdAt', at('export', 'run')),
      row('dsl.PIPELINE_JOB_SCHEDULE_TIME_UTC_PLACEHOLDER', 'run.scheduledAt', at('export', 'run')),
      row('dsl.PIPELINE_ROOT_PLACEHOLDER', 'run.pipelineRoot', at('export', 'run')),
      row('dsl.WORKSPACE_PATH_PLACEHOLDER', 'run.workspace', at('export', 'run')),
      row('dsl.PIPELINE_TASK_EXECUTOR_INPUT_PLACEHOLDER', 'run.executorInput', at('export', 'run')),
      row('dsl.PIPELINE_TASK_EXECUTOR_OUTPUT_PATH_PLACEHOLDER', 'run.executorOutputPath', at('export', 'run')),
    ],
  },
  {
    title: 'Kubernetes: `task.kubernetes(pod => pod. …)`',
    rows: [
      row('kubernetes.CreatePVC(…)', 'createVolume(…)', at('export', 'createVolume')),
      row('kubernetes.DeletePVC(…)', 'deleteVolume(…)', at('export', 'deleteVolume')),
      row('kubernetes.mount_pvc', ".mountVolume(name, { path: '/data' })", at('pod', 'mountVolume')),
      row('kubernetes.use_secret_as_env', ".secretEnv(name, { KEY: 'VARIABLE' })", at('pod', 'secretEnv')),
      row('kubernetes.use_secret_as_volume', ".secretVolume(name, { path: '/secret' })", at('pod', 'secretVolume')),
      row('kubernetes.use_config_map_as_env', ".configMapEnv(name, { KEY: 'VARIABLE' })", at('pod', 'configMapEnv')),
      row('kubernetes.use_config_map_as_volume', ".configMapVolume(name, { path: '/conf' })", at('pod', 'configMapVolume')),
      row('kubernetes.empty_dir_mount', ".emptyDir(name, { path: '/scratch' })", at('pod', 'emptyDir')),
      row('kubernetes.add_ephemeral_volume', ".ephemeralVolume(name, { path: '/big', … })", at('pod', 'ephemeralVolume')),
      row('kubernetes.use_field_path_as_env', ".fieldEnv('POD', 'metadata.name')", at('pod', 'fieldEnv')),
      row('kubernetes.add_pod_label', '.label(key, value)', at('pod', 'label')),
      row('kubernetes.add_pod_annotation', '.annotation(key, value)', at('pod', 'annotation')),
      row('kubernetes.add_node_selector', '.nodeSelector({ key, value })', at('pod', 'nodeSelector')),
      row('kubernetes.add_node_selector_json', '.nodeSelector(channel)', at('pod', 'nodeSelector')),
      row('kubernetes.add_node_affinity', '.nodeAffinity({ matchExpressions })', at('pod', 'nodeAffinity')),
      row('kubernetes.add_node_affinity_json', '.nodeAffinity(channel)', at('pod', 'nodeAffinity')),
      row('kubernetes.add_toleration', '.toleration({ key, operator, effect })', at('pod', 'toleration')),
      row('kubernetes.add_toleration_json', '.toleration(channel)', at('pod', 'toleration')),
      row('kubernetes.set_image_pull_policy', ".imagePullPolicy('Always')", at('pod', 'imagePullPolicy')),
      row('kubernetes.set_image_pull_secrets', ".imagePullSecrets('registry')", at('pod', 'imagePullSecrets')),
      row('kubernetes.set_security_context', '.securityContext({ runAsUser: 1000 })', at('pod', 'securityContext')),
      row('kubernetes.set_timeout', ".timeout('90s')", at('pod', 'timeout')),
      row(
        'kubernetes.add_init_container',
        ".initContainer({ name, image, volumeMounts: { data: '/data' } })",
        at('pod', 'initContainer'),
        "newer than 2.17.3; `restartPolicy: 'Always'` for a sidecar",
      ),
    ],
  },
];
