import { createReadStream, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join, resolve } from 'node:path';
import { formatProblem, ProductError } from '../../base/errors.ts';
import { generateBuildFiles } from '../../components/build/generate-build-files.ts';
import { catalogueAnswer, readCatalogue, type Catalogue } from '../../components/catalogue.ts';
import { parseImageReference } from '../../docker/image-reference.ts';
import { withImage } from '../../images/build-context.ts';
import { buildFolder, repositoryOf } from '../../images/build-folder.ts';
import { chooseBackend, type Builder } from '../../images/choose-backend.ts';
import { EXIT } from '../command-error.ts';

export interface BuildCommandOptions {
  readonly image?: string;
  readonly baseImage?: string;
  readonly overwriteDockerfile?: boolean;
  /** False: only the files are written. */
  readonly buildImage: boolean;
  readonly builder?: Builder;
  /** Registry and repository to push to; true: the ones of the image's own name. */
  readonly push?: string | true;
}

/** `pipewright component build FOLDER`: writes what the image of a component is built from, builds it and pushes it. */
export async function build(folder: string, options: BuildCommandOptions): Promise<number> {
  const plan = generateBuildFiles(folder, options);
  for (const problem of plan.problems) process.stderr.write(`warning: ${formatProblem(problem)}\n`);
  for (const path of Object.keys(plan.files)) process.stdout.write(`wrote ${join(folder, path)}\n`);
  process.stdout.write(`${plan.components.length} components (${plan.components.join(', ')})\n`);
  if (plan.image === undefined) return EXIT.ok;
  if (options.buildImage) await buildAndPush(folder, plan.image, options);
  else process.stdout.write(`next: docker build -t ${plan.image} ${folder} && docker push ${plan.image}\n`);
  return EXIT.ok;
}

async function buildAndPush(folder: string, named: string, { builder, push }: BuildCommandOptions): Promise<void> {
  const backend = await chooseBackend(process.env, builder);
  const repository = typeof push === 'string' ? push.replace(/\/+$/, '') : repositoryOf(named);
  if (!parseImageReference(repository)) {
    throw new ProductError('INVALID_USAGE', `${JSON.stringify(repository)} cannot be the name of an image`, {
      hint: 'lower-case, as registry.example.com/team/trainer; --push or --image names another one',
    });
  }
  const onOutput = (text: string) => void process.stderr.write(text);
  const { image, isUnchanged } = await buildFolder(folder, { repository, backend, environment: process.env, onOutput });
  process.stdout.write(isUnchanged ? `unchanged: ${image} is there\n` : `built ${image} with ${backend.name}\n`);
  // The name the component gives it means the latest build.
  const isOwnName = !named.includes('@') && repositoryOf(named) === repository;
  if (isOwnName) await backend.tag(image, named);
  if (push === undefined) return;
  const digest = await backend.push(image);
  if (isOwnName) await backend.push(named);
  const pushed = `${repository}@${digest}`;
  process.stdout.write(`pushed ${pushed}\n`);
  for (const path of componentFiles(folder)) {
    const text = readFileSync(path, 'utf8');
    const changed = withImage(text, named, pushed);
    if (changed === text) continue;
    writeFileSync(path, changed);
    process.stdout.write(`${path} names it\n`);
  }
}

/** The component of the folder, and those that were compiled from its functions. */
function componentFiles(folder: string): readonly string[] {
  const compiled = join(folder, 'component_metadata');
  const names = existsSync(compiled) ? readdirSync(compiled).filter((name) => name.endsWith('.yaml')) : [];
  return [join(folder, 'component.yaml'), ...names.map((name) => join(compiled, name))].filter((path) => existsSync(path));
}

export interface ServeCommandOptions {
  readonly port: string;
}

/** Only this machine may ask: there is no login. */
const HOST = '127.0.0.1';

/** `pipewright component serve FOLDER`: a folder of components at plain URLs, for any ComponentStore. Goes on until it is ended. */
export async function serve(folder: string, { port }: ServeCommandOptions): Promise<number> {
  const number = Number(port);
  if (!Number.isInteger(number) || number < 0 || number > 65_535)
    throw new ProductError('INVALID_USAGE', `--port ${port}: give a number up to 65535`);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new ProductError('NOT_FOUND', `there is no folder ${folder}`);
  const catalogue = readCatalogue(resolve(folder));
  const server = catalogueServer(catalogue);
  await new Promise<void>((ready, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const hint = 'choose another one with --port, or 0 for any that is free';
      failed(error.code === 'EADDRINUSE' ? new ProductError('UNAVAILABLE', `port ${port} is in use`, { hint }) : error);
    });
    server.listen(number, HOST, ready);
  });
  const address = server.address();
  const actual = typeof address === 'object' && address ? address.port : number;
  process.stdout.write(`${catalogue.entries.size} components of ${folder} at http://${HOST}:${actual}/ (list: /index.json)\n`);
  await new Promise<void>((ended) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended());
  });
  server.closeAllConnections();
  server.close();
  return EXIT.ok;
}

function catalogueServer(catalogue: Catalogue): Server {
  return createServer((request, response) => {
    const answer = catalogueAnswer(catalogue, request.url ?? '/');
    if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405, { allow: 'GET, HEAD' }).end();
    if (answer.kind === 'missing')
      return void response.writeHead(404, { 'content-type': 'text/plain' }).end('no such component\n');
    if (answer.kind === 'json')
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    response.writeHead(200, { 'content-type': answer.contentType, etag: `"${answer.digest}"` });
    if (request.method === 'HEAD') return void response.end();
    createReadStream(answer.path)
      .on('error', () => response.destroy())
      .pipe(response);
  });
}
