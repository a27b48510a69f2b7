import type { Problem } from '../../base/errors.ts';
import { insertYamlScalar, replaceYamlScalars } from '../../base/yaml-edit.ts';
import { loadComponentFromText } from '../load-component.ts';
import { DEFAULT_BASE_IMAGE, generated, keepsDockerfile, type BuildOptions, type BuildPlan, type Sources } from './build-plan.ts';

/** Sources that have to be compiled, and by whom. */
const COMPILED: Readonly<Record<string, string>> = {
  'go.mod': 'Go',
  'Cargo.toml': 'Rust',
  'pom.xml': 'Java',
  'build.gradle': 'Java',
  'build.gradle.kts': 'Kotlin',
  'CMakeLists.txt': 'C or C++',
};

/** A component.yaml that was written by hand names its image; the Dockerfile follows from what else is in the folder. */
export function planCustom(sources: Sources, text: string, options: BuildOptions): BuildPlan {
  const component = loadComponentFromText(withSomeImage(text, options), { source: 'component.yaml' });
  const implementation = component.definition?.implementation;
  const container = implementation?.kind === 'container' ? implementation.container : undefined;
  const image = options.image ?? (container?.image.trim() || options.otherwiseImage);
  const components = [component.name];
  if (container === undefined && component.definition !== undefined) {
    const message = 'only a component with a container has an image to build';
    return { files: {}, components, problems: [{ path: 'component.yaml', message }] };
  }
  if (image === undefined) {
    const hint = 'name it there, or with --image or --push';
    return { files: {}, components, problems: [{ path: 'component.yaml', message: 'its image has no name', hint }] };
  }
  if (keepsDockerfile(sources, options)) return { files: {}, image, components, problems: [] };
  const problems = whyNoDockerfile(sources, options.baseImage, { hasCommand: (container?.command ?? []).length > 0 });
  if (problems.length > 0) return { files: {}, components, problems };
  const steps = [...installSteps(Object.keys(sources), options.baseImage), 'COPY . .'];
  return { files: { Dockerfile: generated(steps.join('\n')) }, image, components, problems: [] };
}

const CONTAINER = ['implementation', 'container'];

/** A component that names no image yet is readable if it is told elsewhere; it is written there when it is pushed. */
function withSomeImage(text: string, { image, otherwiseImage }: BuildOptions): string {
  const name = image ?? otherwiseImage;
  if (name === undefined) return text;
  try {
    let hasPlace = false;
    const filled = replaceYamlScalars(text, (path, value) => {
      if (path.join('/') !== [...CONTAINER, 'image'].join('/')) return undefined;
      hasPlace = true;
      return value === '' ? name : undefined;
    });
    return hasPlace ? filled : (insertYamlScalar(text, CONTAINER, 'image', name) ?? text);
  } catch {
    // What is wrong with it is told when it is loaded.
    return text;
  }
}

function whyNoDockerfile(
  sources: Sources,
  baseImage: string | undefined,
  { hasCommand }: { readonly hasCommand: boolean },
): readonly Problem[] {
  const problems: Problem[] = [];
  const marker = Object.keys(COMPILED).find((path) => sources[path] !== undefined);
  if (marker !== undefined && baseImage === undefined) {
    const message = `${COMPILED[marker]} has to be compiled, which only a Dockerfile can say how`;
    problems.push({ path: marker, message, hint: 'write a Dockerfile, with a stage that compiles and one that runs' });
  }
  if (!hasCommand) {
    const message = 'the component has no command, and a generated Dockerfile no entry point';
    problems.push({
      path: 'component.yaml',
      message,
      hint: 'give the container a command, or write a Dockerfile with ENTRYPOINT',
    });
  }
  return problems;
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
