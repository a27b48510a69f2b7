import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PARITY } from './parity.ts';
import { parityPage } from './parity-page.ts';
import * as sdk from './pipewright.ts';

const source = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');
const exists: Readonly<Record<string, (name: string) => boolean>> = {
  export: (name) => name in sdk,
  task: (name) => name in sdk.Task.prototype,
  pod: (name) => name in sdk.KubernetesSettings.prototype,
  channel: (name) => name in sdk.Channel.prototype,
  // Options exist only as types.
  pipeline: (name) => new RegExp(`^  readonly ${name}\\??:`, 'm').test(source('pipeline.ts')),
  python: (name) => new RegExp(`^  readonly ${name}\\??:`, 'm').test(source('python.ts')),
};

for (const { title, rows } of PARITY) {
  test(`${title}: every counterpart exists, and what has none says why`, () => {
    for (const { python, at, note } of rows) {
      if (at.kind === 'none') assert.ok(note, `${python} has neither a counterpart nor a reason`);
      else assert.ok(exists[at.kind]!(at.name), `${python}: there is no ${at.kind} ${at.name}`);
    }
  });
}

// The names kfp.dsl 2.17.3 and kfp-kubernetes 2.17.3 export, in the order they do.
const DSL =
  'Input Output InputPath OutputPath PipelineTaskFinalStatus TaskConfig Artifact ClassificationMetrics Dataset HTML Markdown Metrics Model SlicedClassificationMetrics get_uri PIPELINE_JOB_NAME_PLACEHOLDER PIPELINE_JOB_RESOURCE_NAME_PLACEHOLDER PIPELINE_JOB_ID_PLACEHOLDER PIPELINE_TASK_NAME_PLACEHOLDER PIPELINE_TASK_ID_PLACEHOLDER PIPELINE_TASK_EXECUTOR_OUTPUT_PATH_PLACEHOLDER PIPELINE_TASK_EXECUTOR_INPUT_PLACEHOLDER PIPELINE_ROOT_PLACEHOLDER PIPELINE_JOB_CREATE_TIME_UTC_PLACEHOLDER PIPELINE_JOB_SCHEDULE_TIME_UTC_PLACEHOLDER WORKSPACE_PATH_PLACEHOLDER run_notebook component container_component pipeline importer ContainerSpec Condition If Elif Else OneOf ExitHandler ParallelFor Collected IfPresentPlaceholder ConcatPlaceholder PipelineConfig WorkspaceConfig KubernetesWorkspaceConfig TaskConfigField TaskConfigPassthrough notebook_component';
const KUBERNETES =
  'add_ephemeral_volume add_node_selector add_node_selector_json add_node_affinity add_node_affinity_json add_pod_annotation add_pod_label add_toleration add_toleration_json CreatePVC DeletePVC empty_dir_mount mount_pvc set_image_pull_policy use_field_path_as_env set_image_pull_secrets set_security_context set_timeout use_config_map_as_env use_config_map_as_volume use_secret_as_env use_secret_as_volume';
const TASK =
  'name inputs channel_inputs output outputs dependent_tasks set_caching_options set_cpu_request set_cpu_limit set_accelerator_limit set_gpu_limit set_memory_request set_memory_limit set_retry add_node_selector_constraint set_accelerator_type set_display_name set_env_variable set_debug_pause set_container_image after ignore_upstream_failure';

test('every name of the Python SDK is in the table', () => {
  const words = new Set(PARITY.flatMap(({ rows }) => rows.flatMap(({ python }) => python.match(/\w+/g) ?? [])));
  const missing = [DSL, KUBERNETES, TASK].flatMap((names) => names.split(' ')).filter((name) => !words.has(name));
  assert.deepEqual(missing, []);
});

test('the page in the docs is made from the table', () => {
  assert.equal(readFileSync(new URL('../../docs/reference/python-sdk.md', import.meta.url), 'utf8'), parityPage(PARITY));
});
