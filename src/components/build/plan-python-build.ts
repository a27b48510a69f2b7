import type { Problem } from '../../base/errors.ts';
import { writePipelineYaml } from '../../ir/write.ts';
import { componentDocument } from '../component-document.ts';
import {
  DEFAULT_BASE_IMAGE,
  generated,
  hasErrors,
  isOurs,
  keepsDockerfile,
  type BuildOptions,
  type BuildPlan,
  type Sources,
} from './build-plan.ts';
import { pipIndexOptions, pythonDockerfile, REQUIREMENTS } from './python-dockerfile.ts';
import { readDocstring } from './python-docstring.ts';
import { pythonFragment } from './python-fragment.ts';
import { readPythonModule, type PythonDecorator, type PythonFunction } from './python-functions.ts';
import { pythonInterface, type PythonInterface } from './python-interface.ts';
import { textList } from './python-literals.ts';

export interface FoundComponent extends PythonInterface {
  readonly file: string;
  readonly fn: PythonFunction;
  readonly decorator: PythonDecorator;
}

const METADATA_FOLDER = 'component_metadata';

/** The functions of a Python file that are components of the 2.x SDK. */
export function componentsIn(file: string, text: string): readonly FoundComponent[] {
  const { functions, records } = readPythonModule(text);
  const names = componentDecorators(text);
  return functions.flatMap((fn) => {
    const decorator = fn.decorators.find(({ name }) => names.includes(name));
    return decorator === undefined ? [] : [{ file, fn, decorator, ...pythonInterface(fn, records) }];
  });
}

/** What `dsl.component` is called in a module. */
function componentDecorators(text: string): readonly string[] {
  const aliases = [...text.matchAll(/^(?:from kfp import .*?\bdsl|import kfp\.dsl) as (\w+)/gm)].map(
    ([, alias]) => `${alias}.component`,
  );
  const renamed = [...text.matchAll(/^from kfp\.dsl import .*?\bcomponent as (\w+)/gm)].map(([, alias]) => alias!);
  return ['component', 'dsl.component', 'kfp.dsl.component', ...aliases, ...renamed];
}

/** What the SDK's own `kfp component build` writes, and `component.yaml` where there is one function. */
export function planPython(sources: Sources, found: readonly FoundComponent[], options: BuildOptions): BuildPlan {
  const problems = found.flatMap((component) =>
    component.problems.map((problem) => ({ ...problem, path: `${component.file}: ${problem.path}` })),
  );
  const components = found.map(({ fn }) => fn.name);
  const baseImage = options.baseImage ?? oneImage(found, 'base_image', DEFAULT_BASE_IMAGE, problems);
  const image = options.image ?? oneImage(found, 'target_image', options.otherwiseImage, problems);
  const doubles = components.filter((name, index) => components.indexOf(name) !== index);
  for (const name of doubles)
    problems.push({ path: name, message: `two functions are named "${name}"`, hint: 'the name must be unique in the folder' });
  const packages = allTexts(found, 'packages_to_install', problems) ?? [];
  const indexUrls = allTexts(found, 'pip_index_urls', problems) ?? [];
  const trustedHosts = allTexts(found, 'pip_trusted_hosts', problems);
  if (hasErrors(problems) || baseImage === undefined || image === undefined) return { files: {}, components, problems };
  const compiled = found.map((component) => [fileNameOf(component), componentFile(component, image)] as const);
  const dockerfile = generated(pythonDockerfile(baseImage, pipIndexOptions(indexUrls, trustedHosts)));
  const files = {
    [REQUIREMENTS]: generated(packages.sort().join('\n')),
    'kfp_config.ini': configFile(found),
    ...(sources['.dockerignore'] === undefined ? { '.dockerignore': generated(`${METADATA_FOLDER}/\n`) } : {}),
    ...(keepsDockerfile(sources, options) ? {} : { Dockerfile: dockerfile }),
    ...Object.fromEntries(compiled.map(([name, text]) => [`${METADATA_FOLDER}/${name}`, text])),
    ...(compiled.length === 1 && isOurs(sources['component.yaml']) ? { 'component.yaml': compiled[0]![1] } : {}),
  };
  return { files, image, components, problems };
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

/** The texts of a list that all components may have, each once; undefined if none of them has it. */
function allTexts(found: readonly FoundComponent[], key: string, problems: Problem[]): string[] | undefined {
  const given = found.filter(({ decorator }) => (decorator.arguments[key]?.kind ?? 'none') !== 'none');
  const texts = given.flatMap(({ decorator, fn, file }) => {
    const list = textList(decorator.arguments[key]!);
    if (list === undefined) {
      const message = `${key} has to be evaluated by Python`;
      problems.push({ path: `${file}: ${fn.name}`, message, hint: 'write it as a list of texts', line: fn.line });
    }
    return list ?? [];
  });
  return given.length === 0 ? undefined : [...new Set(texts)];
}

function fileNameOf({ fn, decorator }: FoundComponent): string {
  const given = decorator.arguments['output_component_file'];
  return given?.kind === 'string' ? given.value : `${fn.name}.yaml`;
}

function componentFile(component: FoundComponent, image: string): string {
  const { summary } = readDocstring(component.fn.docstring);
  const fragment = pythonFragment(component.fn.name, image, component);
  return generated(writePipelineYaml(componentDocument(fragment, summary === '' ? undefined : summary)).trimEnd());
}

function configFile(found: readonly FoundComponent[]): string {
  const lines = found.map(({ fn, file }) => `${fn.name} = ${file}`).sort();
  return `[Components]\n${lines.join('\n')}\n\n`;
}
