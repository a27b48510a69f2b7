/** Capacity and node pools as users write them: `cpu=8,memory=16Gi,nvidia.com/gpu=2`, a YAML file of the same, a file of pools. */
import { isJsonObject, type JsonValue } from '../base/json.ts';
import { readYaml, type YamlDocument } from '../base/yaml.ts';
import type { ConfiguredCapacity } from '../engine/admission-capacity.ts';
import type { NodePool } from '../executors/executor.ts';
import { PLACEMENT_EXAMPLE, PlacementReading, usage } from './placement-reading.ts';

/** Throws INVALID_USAGE. `text` is what follows `--capacity`, if it is not the name of a file. */
export function parseCapacity(text: string): ConfiguredCapacity {
  const reading = new PlacementReading();
  const amounts: Record<string, JsonValue> = {};
  for (const part of text.split(',').filter((piece) => piece.trim() !== '')) {
    const [name, ...value] = part.split('=').map((piece) => piece.trim());
    if (value.length === 0 || !name)
      reading.add([], `"${part.trim()}" is not of the form name=amount`, 'write cpu=8,memory=16Gi');
    else if (Object.hasOwn(amounts, name)) reading.add([name], 'this is given twice');
    else amounts[name] = value.join('=');
  }
  const capacity = reading.capacity(amounts, []);
  return reading.result('--capacity', capacity);
}

/** The same names and amounts as the content of a YAML or JSON file. Throws INVALID_USAGE. */
export function readCapacityFile(text: string, file: string): ConfiguredCapacity {
  const document = onlyDocument(text, file);
  const reading = new PlacementReading(document);
  if (!isJsonObject(document.value)) throw usage(file, [{ path: file, message: 'it must be a map such as cpu: 8' }]);
  return reading.result(file, reading.capacity(document.value, []));
}

/** A list of pools, alone or as `nodePools`. Throws INVALID_USAGE. */
export function readNodePools(text: string, file: string): readonly NodePool[] {
  const document = onlyDocument(text, file);
  const reading = new PlacementReading(document);
  const { value } = document;
  const isWrapped = isJsonObject(value) && value['nodePools'] !== undefined;
  const list = isWrapped ? value['nodePools'] : value;
  const at = isWrapped ? ['nodePools'] : [];
  if (!Array.isArray(list) || list.length === 0)
    throw usage(file, [{ path: file, message: 'it must be a list of node pools', hint: PLACEMENT_EXAMPLE }]);
  const pools = list.map((entry: JsonValue, index) => reading.pool(entry, [...at, index]));
  const names = pools.map(({ name }) => name);
  names.forEach((name, index) => {
    if (name !== '' && names.indexOf(name) < index) reading.add([...at, index], `there is more than one pool "${name}"`);
  });
  return reading.result(file, pools);
}

function onlyDocument(text: string, file: string): YamlDocument {
  const read = readYaml(text);
  if (read.kind === 'problem') throw usage(file, [read.problem]);
  const [document, ...more] = read.documents;
  if (document === undefined || more.length > 0) throw usage(file, [{ path: file, message: 'it must hold one YAML document' }]);
  return document;
}
