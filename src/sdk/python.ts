import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pythonInterface, type PythonInterface } from '../components/build/python-interface.ts';
import { readPythonModule } from '../components/build/python-functions.ts';
import { ProductError, type Problem } from '../base/errors.ts';
import { Place } from './call-site.ts';
import { type Component, componentOf } from './component.ts';
import { embeddingSource, NOTEBOOK_PACKAGES } from './embedded-files.ts';
import { type Inputs, type Outputs, portsOf } from './port-values.ts';
import { artifactTitle, isAssignable, type Ports, type PortType, portTypeText } from './port-types.ts';

export interface PythonOptions<I extends Inputs, O extends Outputs> {
  /** The function's text, with whatever it imports inside of it. Either this or `file`. */
  readonly source?: string;
  /** A Python file, relative to the file this is written in. */
  readonly file?: string;
  /** Which function of the source runs. Default: the only one. */
  readonly function?: string;
  /** Default: the function's name. */
  readonly name?: string;
  readonly inputs?: I;
  readonly outputs?: O;
  /** Default: `python:3.11`. */
  readonly baseImage?: string;
  readonly packagesToInstall?: readonly string[];
  readonly pipIndexUrls?: readonly string[];
  readonly pipTrustedHosts?: readonly string[];
  /** Packages go to a virtual environment of the step. Default: no. */
  readonly useVenv?: boolean;
  /** Default: yes; the image may have the SDK already. */
  readonly installKfpPackage?: boolean;
  readonly kfpPackagePath?: string;
  /** Source that stands before the function: helpers, imports. */
  readonly preamble?: string;
  /** A file or folder, relative to the file this is written in, that travels with the step: importable, and what `EmbeddedInput` gives. */
  readonly embed?: string;
  /** A Jupyter notebook, relative to the file this is written in, that the function runs by `dsl.run_notebook(name=value)`. */
  readonly notebook?: string;
  /** The image was built with the function in it, and only the function's name is needed. */
  readonly targetImage?: string;
}

const DEFAULT_IMAGE = 'python:3.11';
/** The SDK whose runtime a step installs where it has none. */
const KFP_REQUIREMENT = 'kfp==2.17.3';

/** A Python function as a step, in the form the `kfp` SDK writes lightweight components. */
export function python<const I extends Inputs = {}, const O extends Outputs = {}>(options: PythonOptions<I, O>): Component<I, O> {
  const source = dedented(sourceOf(options));
  const functionName = options.function ?? onlyFunction(source);
  const inputs = portsOf(options.inputs ?? {});
  const outputs = portsOf(options.outputs ?? {});
  checkInterface(source, functionName, { inputs, outputs });
  const args = ['--executor_input', '{{$}}', '--function_to_execute', functionName];
  const command =
    options.targetImage === undefined ? lightweightCommand(source, options) : ['python3', '-m', 'kfp.dsl.executor_main'];
  return componentOf({
    name: options.name ?? functionName.replaceAll('_', '-'),
    inputs,
    outputs,
    passthroughs: [],
    implementation: {
      kind: 'container',
      image: options.targetImage ?? options.baseImage ?? DEFAULT_IMAGE,
      command,
      args,
      env: {},
    },
  });
}

/** A path in the user's file is relative to that file. */
function besideCaller(path: string): string {
  return resolve(dirname(new Place().callSite?.file ?? '.'), path);
}

function sourceOf({ source, file }: PythonOptions<Inputs, Outputs>): string {
  if (source !== undefined && file === undefined) return source;
  if (file === undefined || source !== undefined)
    throw new ProductError('INVALID_PIPELINE', 'python(…) needs either source or file');
  const path = besideCaller(file);
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ProductError('INVALID_PIPELINE', `python(…): ${path} cannot be read`, {
      cause,
      hint: 'the path is relative to the file it is written in',
    });
  }
}

/** A template literal in indented code is indented as well. */
function dedented(source: string): string {
  const lines = source
    .replace(/^\s*\n/, '')
    .replace(/\s*$/, '\n')
    .split('\n');
  const widths = lines.filter((line) => line.trim() !== '').map((line) => /^ */.exec(line)![0].length);
  const width = Math.min(...widths);
  return lines.map((line) => line.slice(Math.min(width, line.length))).join('\n');
}

function onlyFunction(source: string): string {
  const names = readPythonModule(source).functions.map(({ name }) => name);
  if (names.length === 1) return names[0]!;
  const message =
    names.length === 0 ? 'the Python source has no function' : `the Python source has several functions: ${names.join(', ')}`;
  throw new ProductError('INVALID_PIPELINE', message, {
    hint: names.length === 0 ? 'write def name(…): …' : `say which one runs: function: '${names.at(-1)}'`,
  });
}

/** The annotations of the function and the tokens here must agree, or the step would fail when it starts. */
function checkInterface(source: string, functionName: string, ports: { readonly inputs: Ports; readonly outputs: Ports }): void {
  const module = readPythonModule(source);
  const found = module.functions.find(({ name }) => name === functionName);
  if (found === undefined) throw new ProductError('INVALID_PIPELINE', `the Python source has no function ${functionName}`);
  const declared = pythonInterface(found, module.records);
  const problems = [
    ...differences('input', ports.inputs, declared.inputs, functionName),
    ...differences('output', ports.outputs, declared.outputs, functionName),
  ];
  if (problems.length === 0) return;
  throw new ProductError(
    'INVALID_PIPELINE',
    `the Python function ${functionName} has another interface than it is declared with`,
    { problems },
  );
}

function differences(
  what: 'input' | 'output',
  ports: Ports,
  found: PythonInterface['inputs'] | PythonInterface['outputs'],
  functionName: string,
): Problem[] {
  const path = `python ${functionName}`;
  const own = new Map(found.map((port) => [port.name, typeOf(port)]));
  const missing = Object.keys(ports).filter((name) => !own.has(name));
  const undeclared = [...own.keys()].filter((name) => !Object.hasOwn(ports, name));
  return [
    ...missing.map((name) => ({
      path,
      message: `the function has no ${what} "${name}"`,
      ...(own.size > 0 ? { hint: `it has ${[...own.keys()].join(', ')}` } : {}),
    })),
    ...undeclared.map((name) => ({
      path,
      message: `the ${what} "${name}" of the function is not declared`,
      hint: `add it to ${what}s`,
    })),
    ...Object.entries(ports).flatMap(([name, { type }]) => {
      const other = own.get(name);
      if (other === undefined || isOwnArtifact(type, other) || (isAssignable(type, other) && isAssignable(other, type)))
        return [];
      return [
        { path, message: `the ${what} "${name}" is ${portTypeText(other)} in the function and ${portTypeText(type)} here` },
      ];
    }),
  ];
}

/** What a class of another library is called in the IR cannot be read from the function. */
function isOwnArtifact(type: PortType, found: PortType): boolean {
  return type.kind === 'artifact' && found.kind === 'artifact' && !artifactTitle(type.artifactType).startsWith('system.');
}

function typeOf(port: PythonInterface['outputs'][number]): PortType {
  if (port.kind === 'parameter') return { kind: 'parameter', parameterType: port.parameterType };
  return { kind: 'artifact', artifactType: port.artifactType, isList: port.isArtifactList };
}

/** The start of every step that makes sure of pip and installs what the function needs, then the function itself. */
function lightweightCommand(source: string, options: PythonOptions<Inputs, Outputs>): readonly string[] {
  const install = installScript(options);
  const preamble = [embeddedSource(options), options.preamble ?? ''].filter((part) => part !== '').join('\n');
  const imports = '\nimport kfp\nfrom kfp import dsl\nfrom kfp.dsl import *\nfrom typing import *\n\n';
  const program = `${imports}${preamble === '' ? '' : `${dedented(preamble)}\n`}${source}\n`;
  return [...(install === undefined ? [] : ['sh', '-c', install]), 'sh', '-ec', START_SCRIPT, program];
}

function embeddedSource({ embed, notebook }: PythonOptions<Inputs, Outputs>): string {
  if (embed !== undefined && notebook !== undefined)
    throw new ProductError('INVALID_PIPELINE', 'python(…) takes embed or notebook, not both', {
      hint: 'files the notebook needs can be in the image or in an artifact',
    });
  const path = embed ?? notebook;
  return path === undefined ? '' : embeddingSource({ path: besideCaller(path), isNotebook: notebook !== undefined });
}

const START_SCRIPT = [
  'program_path=$(mktemp -d)',
  '',
  'printf "%s" "$0" > "$program_path/ephemeral_component.py"',
  `_KFP_RUNTIME=true python3 -m kfp.dsl.executor_main ${' '.repeat(24)}--component_module_path ${' '.repeat(24)}"$program_path/ephemeral_component.py" ${' '.repeat(24)}"$@"`,
  '',
].join('\n');

const FIND_PIP = [
  '',
  'if ! [ -x "$(command -v pip)" ]; then',
  '    python3 -m ensurepip || python3 -m ensurepip --user || apt-get install python3-pip',
  'fi',
  '',
  '',
].join('\n');

const ENTER_VENV = [
  '',
  'export PIP_DISABLE_PIP_VERSION_CHECK=1',
  'tmp=$(mktemp -d)',
  'python3 -m venv "$tmp/venv" --system-site-packages',
  '. "$tmp/venv/bin/activate"',
  '',
].join('\n');

function installScript(options: PythonOptions<Inputs, Outputs>): string | undefined {
  const packagesToInstall = [...(options.notebook === undefined ? [] : NOTEBOOK_PACKAGES), ...(options.packagesToInstall ?? [])];
  const { installKfpPackage = true, useVenv = false, kfpPackagePath = KFP_REQUIREMENT } = options;
  const bringsKfp = packagesToInstall.some((name) => name.startsWith('kfp'));
  const kfp = [kfpPackagePath, '--no-deps', 'typing-extensions>=3.7.4,<5; python_version<"3.9"'];
  const groups = [
    ...(packagesToInstall.length > 0 ? [packagesToInstall] : []),
    ...(installKfpPackage && !bringsKfp ? [kfp] : []),
  ];
  if (groups.length === 0) return undefined;
  const installs = groups.map(
    (group) =>
      `python3 -m pip install --quiet --no-warn-script-location ${pipOptions(options)}${group.map((name) => `'${name}'`).join(' ')}`,
  );
  const [first, second] = installs;
  const venv = useVenv ? `${ENTER_VENV} ` : '';
  const steps = second === undefined ? `${venv}${first}` : `${first}  &&  ${venv}${second}`;
  return `${FIND_PIP}PIP_DISABLE_PIP_VERSION_CHECK=1 ${steps} && "$0" "$@"\n`;
}

function pipOptions({ pipIndexUrls = [], pipTrustedHosts }: PythonOptions<Inputs, Outputs>): string {
  const [main, ...extra] = pipIndexUrls;
  const hosts = pipTrustedHosts ?? pipIndexUrls;
  return [
    ...(main === undefined ? [] : [`--index-url ${main}`]),
    ...extra.map((url) => `--extra-index-url ${url}`),
    ...hosts.map((host) => `--trusted-host ${host}`),
  ]
    .map((option) => `${option} `)
    .join('');
}
