import type { Problem } from '../../base/errors.ts';
import { writePipelineYaml } from '../../ir/write.ts';
import { componentDocument } from '../component-document.ts';
import { loadComponentFromText } from '../load-component.ts';
import { readPythonModule, type PythonDecorator, type PythonFunction } from './python-functions.ts';
import { pythonFragment } from './python-fragment.ts';
import { readDocstring } from './python-docstring.ts';
import { pythonInterface, type PythonInterface } from './python-interface.ts';
import type { PythonValue } from './python-literals.ts';

export interface BuildOptions {
  /** Write a new Dockerfile over one that is there. Default: false. */
  readonly overwriteDockerfile?: boolean;
  /** Name of the image; wins over the `target_image` of the components. */
  readonly image?: string;
  /** Image to start from; wins over `base_image`. */
  readonly baseImage?: string;
}

export interface BuildPlan {
  /** Files to write, by path relative to the folder. Files that are there and stay as they are, are not in it. */
  readonly files: Readonly<Record<string, string>>;
  /** The image the files are for; absent when there are problems. */
  readonly image?: string;
  /** Functions or component names, in the order of the files. */
  readonly components: readonly string[];
  readonly problems: readonly Problem[];
}

interface FoundComponent extends PythonInterface {
  readonly file: string;
  readonly fn: PythonFunction;
  readonly decorator: PythonDecorator;
}

const DEFAULT_BASE_IMAGE = 'python:3.11';
const WORK_FOLDER = '/usr/local/src/kfp/components';
const REQUIREMENTS = 'runtime-requirements.txt';
const METADATA_FOLDER = 'component_metadata';
const COMPONENT_DECORATORS = ['component', 'dsl.component', 'kfp.dsl.component'];

/**
 * What `component build` writes for a source folder. Folders with Python functions decorated `@dsl.component` get what the 2.x
 * SDK writes (Dockerfile, requirements, kfp_config.ini, a compiled component for each function) without running any of it; a
 * folder with a component.yaml of its own gets a Dockerfile that fits its sources. Pure: texts in, texts out.
 */
export function planBuild(sources: Readonly<Record<string, string>>, options: BuildOptions = {}): BuildPlan {
  const found = Object.entries(sources)
    .filter(([path]) => path.endsWith('.py'))
    .flatMap(([path, text]) => componentsIn(path, text));
  if (found.length > 0) return planPython(sources, found, options);
  if (sources['component.yaml'] !== undefined) return planCustom(sources, sources['component.yaml'], options);
  const hint = 'decorate a Python function with @dsl.component(base_image=…, target_image=…), or write a component.yaml';
  return { files: {}, components: [], problems: [{ path: '.', message: 'the folder has no component', hint }] };
}

function componentsIn(file: string, text: string): readonly FoundComponent[] {
  const { functions, records } = readPythonModule(text);
  return functions.flatMap((fn) => {
    const decorator = fn.decorators.find(({ name }) => COMPONENT_DECORATORS.includes(name));
    return decorator === undefined ? [] : [{ file, fn, decorator, ...pythonInterface(fn, records) }];
  });
}

function planPython(
  sources: Readonly<Record<string, string>>,
  found: readonly FoundComponent[],
  options: BuildOptions,
): BuildPlan {
  const problems = found.flatMap((component) =>
    component.problems.map((problem) => ({ ...problem, path: `${component.file}: ${problem.path}` })),
  );
  const components = found.map(({ fn }) => fn.name);
  const baseImage = options.baseImage ?? oneImage(found, 'base_image', DEFAULT_BASE_IMAGE, problems);
  const image = options.image ?? oneImage(found, 'target_image', undefined, problems);
  const doubles = components.filter((name, index) => components.indexOf(name) !== index);
  for (const name of doubles)
    problems.push({ path: name, message: `two functions are named "${name}"`, hint: 'the name must be unique in the folder' });
  if (hasErrors(problems) || baseImage === undefined || image === undefined) return { files: {}, components, problems };
  const packages = found.flatMap(({ decorator }) => textList(decorator.arguments['packages_to_install']));
  const compiled = found.map((component) => [component.fn.name, componentFile(component, image)] as const);
  const files = {
    [REQUIREMENTS]: generated([...new Set(packages)].sort().join('\n')),
    'kfp_config.ini': configFile(found),
    ...(sources['.dockerignore'] === undefined ? { '.dockerignore': generated(`${METADATA_FOLDER}/\n`) } : {}),
    ...dockerfile(sources, options, pythonDockerfile(baseImage)),
    ...Object.fromEntries(compiled.map(([name, text]) => [`${METADATA_FOLDER}/${name}.yaml`, text])),
    ...(compiled.length === 1 && isOurs(sources['component.yaml']) ? { 'component.yaml': compiled[0]![1] } : {}),
  };
  return { files, image, components, problems };
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity !== 'warning');
}

/** The one image all components name; they end up in the same container. */
function oneImage(
  found: readonly FoundComponent[],
  key: string,
  preset: string | undefined,
  problems: Problem[],
): string | undefined {
  const named = found.map(({ decorator, fn, file }) => {
    const value = decorator.arguments[key];
    if (value !== undefined && value.kind !== 'string' && value.kind !== 'none') {
      problems.push({
        path: `${file}: ${fn.name}`,
        message: `${key} has to be evaluated by Python`,
        hint: `write it as text, or pass the image on the command line`,
        line: fn.line,
      });
    }
    return value?.kind === 'string' ? value.value : preset;
  });
  const images = [...new Set(named)];
  if (images.length === 1 && images[0] !== undefined) return images[0];
  const message =
    images.length > 1 ? `the components name ${images.length} different values of ${key}` : `no component names a ${key}`;
  problems.push({ path: '.', message, hint: `give every @dsl.component the same ${key}` });
  return undefined;
}

function textList(value: PythonValue | undefined): readonly string[] {
  return value?.kind === 'list' ? value.items.flatMap((item) => (item.kind === 'string' ? [item.value] : [])) : [];
}

function componentFile(component: FoundComponent, image: string): string {
  const { summary } = readDocstring(component.fn.docstring);
  const fragment = pythonFragment(component.fn.name, image, component);
  return GENERATED + writePipelineYaml(componentDocument(fragment, summary === '' ? undefined : summary));
}

function configFile(found: readonly FoundComponent[]): string {
  const lines = found.map(({ fn, file }) => `${fn.name} = ${file}`).sort();
  return `[Components]\n${lines.join('\n')}\n\n`;
}

const GENERATED = '# Generated by pipewright.\n';

/** Whether a file may be written: it is not there, or was written by an earlier build. */
function isOurs(text: string | undefined): boolean {
  return text === undefined || text.startsWith(GENERATED);
}

function generated(text: string): string {
  return `${GENERATED}${text}\n`;
}

function dockerfile(
  sources: Readonly<Record<string, string>>,
  options: BuildOptions,
  text: string,
): Readonly<Record<string, string>> {
  const isKept = sources['Dockerfile'] !== undefined && !options.overwriteDockerfile;
  return isKept ? {} : { Dockerfile: generated(text) };
}

function pythonDockerfile(baseImage: string): string {
  return [
    `FROM ${baseImage}`,
    `WORKDIR ${WORK_FOLDER}`,
    `COPY ${REQUIREMENTS} ${REQUIREMENTS}`,
    `RUN pip install --no-cache-dir -r ${REQUIREMENTS}`,
    'RUN pip install --no-cache-dir kfp',
    'COPY . .',
  ].join('\n');
}

/** A component.yaml that was written by hand names its image; the Dockerfile follows from what else is in the folder. */
function planCustom(sources: Readonly<Record<string, string>>, text: string, options: BuildOptions): BuildPlan {
  const component = loadComponentFromText(text, { source: 'component.yaml' });
  const implementation = component.definition?.implementation;
  const image = options.image ?? (implementation?.kind === 'container' ? implementation.container.image : undefined);
  if (image === undefined) {
    const problem = {
      path: 'component.yaml',
      message: 'only a component with a container has an image to build',
      hint: 'pass the name of the image',
    };
    return { files: {}, components: [component.name], problems: [problem] };
  }
  const steps = installSteps(Object.keys(sources), options.baseImage);
  const files = dockerfile(sources, options, [...steps, 'COPY . .'].join('\n'));
  return { files, image, components: [component.name], problems: [] };
}

function installSteps(paths: readonly string[], baseImage: string | undefined): readonly string[] {
  const has = (path: string) => paths.includes(path);
  if (has('package.json')) {
    const install = has('package-lock.json') ? 'RUN npm ci --omit=dev' : 'RUN npm install --omit=dev';
    return [`FROM ${baseImage ?? 'node:24'}`, 'WORKDIR /app', `COPY package*.json ./`, install];
  }
  const install = has('requirements.txt')
    ? ['COPY requirements.txt requirements.txt', 'RUN pip install --no-cache-dir -r requirements.txt']
    : [];
  return [`FROM ${baseImage ?? DEFAULT_BASE_IMAGE}`, 'WORKDIR /app', ...install];
}
