/** Fills a server with the samples' runs, by its public API: what the pictures of the dashboard show. */
import type { JsonObject } from '../src/base/json.ts';

/** Ids of what has a page. */
export interface Filled {
  readonly pipeline: string;
  readonly version: string;
  readonly run: string;
  readonly failed: string;
  /** Runs of one pipeline with other parameters, to be compared. */
  readonly compared: readonly string[];
  readonly recurring: string;
  readonly experiment: string;
  readonly artifact: string;
}

const POLL_MS = 200;
const PATIENCE_MS = 120_000;

export async function fillServer(url: string): Promise<Filled> {
  const call = async (method: string, path: string, body?: JsonObject): Promise<JsonObject> => {
    const response = await fetch(url + path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const json = (await response.json()) as JsonObject;
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(json)}`);
    return json;
  };
  const ended = async (runId: string): Promise<string> => {
    const until = performance.now() + PATIENCE_MS;
    while (performance.now() < until) {
      const { state } = await call('GET', `/apis/v2beta1/runs/${runId}`);
      if (['SUCCEEDED', 'FAILED', 'CANCELED'].includes(state as string)) return runId;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    throw new Error(`run ${runId} did not end`);
  };
  const named = async (name: string): Promise<string> =>
    (await call('GET', `/apis/v2beta1/pipelines/names/${name}`))['pipeline_id'] as string;
  const start = async (name: string, pipeline: string, parameters: JsonObject, experiment?: string): Promise<string> => {
    const run = await call('POST', '/apis/v2beta1/runs', {
      display_name: name,
      pipeline_version_reference: { pipeline_id: pipeline },
      runtime_config: { parameters },
      ...(experiment === undefined ? {} : { experiment_id: experiment }),
    });
    return run['run_id'] as string;
  };

  const pipeline = await named('penguins');
  const learning = await named('learning-rate');
  const made = await call('POST', '/apis/v2beta1/experiments', {
    display_name: 'spring',
    description: 'Is a stricter bar worth it?',
  });
  const experiment = made['experiment_id'] as string;
  const run = await ended(await start('penguins, first try', pipeline, {}));
  for (const [index, bar] of [0.9, 0.93, 0.96, 0.97, 0.98, 0.99].entries()) {
    await ended(await start(`penguins, bar at ${bar}`, pipeline, { min_accuracy: bar, seed: (index % 3) + 1 }, experiment));
  }
  const failed = await ended(await start('learning-rate, as it comes', learning, {}));
  const compared = [
    await ended(await start('learning-rate, smaller', learning, { learning_rate: 0.5 })),
    await ended(await start('learning-rate, too small', learning, { learning_rate: 0.01 })),
    failed,
  ];
  const version = await addVersion(url, pipeline, call);
  const schedule = await call('POST', '/apis/v2beta1/recurringruns', {
    display_name: 'penguins, nightly',
    pipeline_version_reference: { pipeline_id: pipeline },
    trigger: { cron_schedule: { cron: '0 0 3 * * *' } },
    max_concurrency: '1',
    mode: 'ENABLE',
  });
  const { artifacts } = await call('GET', `/apis/v2beta1/artifacts?page_size=100`);
  const all = artifacts as unknown as readonly { readonly artifact_id: string; readonly type_name?: string }[];
  const artifact = (all.find(({ type_name }) => type_name === 'system.ClassificationMetrics') ?? all[0]!).artifact_id;
  // Something that goes on while the pictures are taken.
  await start('penguins, running', pipeline, { seed: 7 });
  return { pipeline, version, run, failed, compared, recurring: schedule['recurring_run_id'] as string, experiment, artifact };
}

type Call = (method: string, path: string, body?: JsonObject) => Promise<JsonObject>;

/** A second version, with a higher bar. */
async function addVersion(url: string, pipeline: string, call: Call): Promise<string> {
  const { pipeline_versions } = await call('GET', `/apis/v2beta1/pipelines/${pipeline}/versions`);
  const [first] = pipeline_versions as unknown as readonly [{ readonly pipeline_version_id: string }];
  const response = await fetch(`${url}/apis/pipewright/v1/pipelines/${pipeline}/versions/${first.pipeline_version_id}/source`);
  const form = new FormData();
  form.append(
    'uploadfile',
    new Blob([(await response.text()).replace('defaultValue: 0.95', 'defaultValue: 0.97')]),
    'pipeline.yaml',
  );
  const made = await fetch(`${url}/apis/v2beta1/pipelines/upload_version?name=stricter&pipelineid=${pipeline}`, {
    method: 'POST',
    body: form,
  });
  return ((await made.json()) as JsonObject)['pipeline_version_id'] as string;
}
