import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatProblem, ProductError } from '../../base/errors.ts';
import { generateBuildFiles, replaceFile } from '../../components/build/generate-build-files.ts';
import { parseImageReference, repositoryOf } from '../../docker/image-reference.ts';
import { buildFolder } from '../../images/build-folder.ts';
import { chooseBackend, type Builder } from '../../images/choose-backend.ts';
import { withImage } from '../../images/component-image.ts';
import { EXIT } from '../command-error.ts';

export interface BuildCommandOptions {
  readonly image?: string;
  readonly baseImage?: string;
  readonly overwriteDockerfile?: boolean;
  /** A Dockerfile that is not the folder's own. */
  readonly dockerfile?: string;
  /** `NAME=VALUE`, or `NAME` for the value of the environment. */
  readonly buildArg?: readonly string[];
  readonly target?: string;
  /** False: only the files are written. */
  readonly buildImage: boolean;
  readonly builder?: Builder;
  /** Registry and repository to push to; true: the ones of the image's own name. */
  readonly push?: string | true;
}

/** `pipewright component build FOLDER`: writes what the image of a component is built from, builds it and pushes it. */
export async function build(folder: string, options: BuildCommandOptions): Promise<number> {
  const buildArgs = readBuildArgs(options.buildArg ?? []);
  const plan = generateBuildFiles(folder, {
    ...options,
    hasDockerfile: options.dockerfile !== undefined,
    ...(typeof options.push === 'string' ? { otherwiseImage: options.push } : {}),
  });
  for (const problem of plan.problems) process.stderr.write(`warning: ${formatProblem(problem)}\n`);
  for (const path of Object.keys(plan.files)) process.stdout.write(`wrote ${join(folder, path)}\n`);
  const { components } = plan;
  const noun = components.length === 1 ? 'component' : 'components';
  if (components.length > 0) process.stdout.write(`${components.length} ${noun} (${components.join(', ')})\n`);
  if (plan.image === undefined) return EXIT.ok;
  if (options.buildImage) await buildAndPush(folder, plan.image, { ...options, buildArgs });
  else process.stdout.write(`next: docker build -t ${plan.image} ${folder} && docker push ${plan.image}\n`);
  return EXIT.ok;
}

function readBuildArgs(given: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.flatMap((text) => {
      const [, name, value] = /^([A-Za-z_]\w*)(?:=(.*))?$/s.exec(text) ?? [];
      if (name === undefined) throw new ProductError('INVALID_USAGE', `--build-arg ${text}: give NAME=VALUE`);
      const found = value ?? process.env[name];
      return found === undefined ? [] : [[name, found]];
    }),
  );
}

async function buildAndPush(
  folder: string,
  named: string,
  options: BuildCommandOptions & { readonly buildArgs: Readonly<Record<string, string>> },
): Promise<void> {
  const { builder, push, buildArgs, dockerfile, target } = options;
  const repository = typeof push === 'string' ? push.replace(/\/+$/, '') : repositoryOf(named);
  if (repository !== repositoryOf(repository) || !parseImageReference(repository)) {
    throw new ProductError('INVALID_USAGE', `${JSON.stringify(repository)} cannot be the name of an image`, {
      hint: 'lower-case and without a tag, as registry.example.com/team/trainer; --push or --image names another one',
    });
  }
  const backend = await chooseBackend(process.env, builder);
  const { image, isUnchanged } = await buildFolder(folder, {
    repository,
    backend,
    environment: process.env,
    buildArgs,
    mayBeInRegistry: push !== undefined,
    ...(dockerfile === undefined ? {} : { dockerfile }),
    ...(target === undefined ? {} : { target }),
    onOutput: (text) => void process.stderr.write(text),
  });
  process.stdout.write(isUnchanged ? `unchanged: ${image} is there\n` : `built ${image} with ${backend.name}\n`);
  // The name the component gives it means the latest build.
  const isOwnName = !named.includes('@') && repositoryOf(named) === repository;
  if (isOwnName) await backend.tag(image, named);
  if (push === undefined) {
    if (!isUnchanged && named.includes('@')) process.stdout.write(stillNamed(named));
    return;
  }
  const digest = await backend.push(image);
  if (isOwnName) await backend.push(named);
  const pushed = `${repository}@${digest}`;
  process.stdout.write(`pushed ${pushed}\n`);
  for (const path of componentFiles(folder)) writeImage(path, { from: named, to: pushed });
}

/** What was pushed before is what pipelines would go on to run. */
const stillNamed = (named: string): string =>
  `the component still names ${named}, which was pushed before: with --push it names the new one\n`;

function writeImage(path: string, images: { readonly from: string; readonly to: string }): void {
  const text = readFileSync(path, 'utf8');
  const changed = withImage(text, images);
  if (changed === undefined) {
    process.stderr.write(`warning: the image cannot be written into ${path}: write ${images.to} yourself\n`);
  } else if (changed !== text) {
    replaceFile(path, changed);
    process.stdout.write(`${path} names it\n`);
  }
}

/** The component of the folder, and those that were compiled from its functions. */
function componentFiles(folder: string): readonly string[] {
  const compiled = join(folder, 'component_metadata');
  const names = existsSync(compiled) ? readdirSync(compiled).filter((name) => name.endsWith('.yaml')) : [];
  return [join(folder, 'component.yaml'), ...names.map((name) => join(compiled, name))].filter((path) => existsSync(path));
}
