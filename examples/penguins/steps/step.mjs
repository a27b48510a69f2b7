// What every step of this example shares. KFP hands a step one JSON text: the values of its inputs, the places of its artifacts,
// and where to write what it makes. This file is put in front of each step when the pipeline is made.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const task = JSON.parse(process.argv.at(-1));

export const parameters = task.inputs?.parameterValues ?? {};

/** Object stores are mounted below these folders on a cluster; on a laptop an artifact's URI is its path. */
const pathOf = (uri) => uri.replace(/^(minio|s3):\/\//, '/$1/').replace(/^gs:\/\//, '/gcs/');

const inputs = (name) => task.inputs.artifacts[name].artifacts;
export const readText = (name) => readFileSync(pathOf(inputs(name)[0].uri), 'utf8');
export const readJson = (name) => JSON.parse(readText(name));
export const readJsonList = (name) => inputs(name).map(({ uri }) => JSON.parse(readFileSync(pathOf(uri), 'utf8')));

export function writeArtifact(name, text) {
  const path = pathOf(task.outputs.artifacts[name].artifacts[0].uri);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Reports output parameters, and metadata of output artifacts: { metrics: { accuracy: 0.9 } }. */
export function finish({ parameters: parameterValues = {}, metadata = {} } = {}) {
  const artifacts = Object.fromEntries(
    Object.entries(metadata).map(([name, values]) => {
      const [planned] = task.outputs.artifacts[name].artifacts;
      return [name, { artifacts: [{ name: planned.name, uri: planned.uri, metadata: values }] }];
    }),
  );
  mkdirSync(dirname(task.outputs.outputFile), { recursive: true });
  writeFileSync(task.outputs.outputFile, JSON.stringify({ parameterValues, artifacts }));
}
