import type { JsonValue } from '../base/json.ts';
import type { ComponentDefinition, ComponentInput, PortType } from './component-definition.ts';
import { uniquePythonNames } from './port-names.ts';
import { isPythonInteger, pythonFloatText } from './python-text.ts';

/** A parameter of the function a component is in the Python SDK; the TypeScript SDK offers the same names. */
export interface FactoryParameter {
  readonly name: string;
  /** The name of the input in the file. */
  readonly input: string;
  readonly required: boolean;
  /** Python's annotation: a built-in type, or the text of the declared type; null without a type. */
  readonly annotation: string | null;
}

const PYTHON_TYPES: Readonly<Record<string, string>> = {
  String: 'str',
  str: 'str',
  Integer: 'int',
  int: 'int',
  Float: 'float',
  float: 'float',
  Boolean: 'bool',
  Bool: 'bool',
  bool: 'bool',
  JsonArray: 'list',
  List: 'list',
  list: 'list',
  JsonObject: 'dict',
  Dictionary: 'dict',
  Dict: 'dict',
  dict: 'dict',
};

/** Required parameters first, then those with a default or optional, each group in the order of the file. */
export function factoryParameters(component: ComponentDefinition): readonly FactoryParameter[] {
  const names = uniquePythonNames(component.inputs.map((input) => input.name));
  const parameters = component.inputs
    // The final status of a run is handed in by the platform.
    .filter((input) => input.type !== 'PipelineTaskFinalStatus')
    .map((input) => ({
      name: names.get(input.name)!,
      input: input.name,
      required: isRequired(input),
      annotation: annotationOf(input.type),
    }));
  return [...parameters.filter(({ required }) => required), ...parameters.filter(({ required }) => !required)];
}

export function isRequired(input: ComponentInput): boolean {
  return input.default === undefined && !input.optional;
}

function annotationOf(type: PortType | undefined): string | null {
  if (type === undefined || type === '') return null;
  if (typeof type === 'string') return Object.hasOwn(PYTHON_TYPES, type) ? PYTHON_TYPES[type]! : type;
  return Array.isArray(type) && type.length === 0 ? null : pythonRepr(type, 'outer');
}

/** Python's `str()` of a type that is a map or a list; maps inside print as the ordered dictionaries the loader makes. */
function pythonRepr(value: JsonValue, depth: 'outer' | 'inner' = 'inner'): string {
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return isPythonInteger(value) ? String(value) : pythonFloatText(value);
  if (isList(value)) return `[${value.map((item) => pythonRepr(item)).join(', ')}]`;
  const entries = Object.entries(value);
  if (depth === 'outer') return `{${entries.map(([key, member]) => `${pythonRepr(key)}: ${pythonRepr(member)}`).join(', ')}}`;
  return `OrderedDict([${entries.map(([key, member]) => `(${pythonRepr(key)}, ${pythonRepr(member)})`).join(', ')}])`;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
