import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseImageReference } from '../docker/image-reference.ts';
import { buildOutput, cannotBuild } from './build-output.ts';
import { runBuildah, type BuildahEnded } from './buildah-command.ts';
import { openContextArchive, unpackContextArchive } from './context-archive.ts';
import type { ImageBackend } from './image-backend.ts';
import { imageError } from './registry-hint.ts';
import { registryLogin } from './registry-login.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a policy of the machine or the user may be (containers-policy.json(5)); Debian's buildah may come without one. */
const POLICIES = ['/etc/containers/policy.json', join(homedir(), '.config/containers/policy.json')];
/** Lets images in without signatures. */
const POLICY = JSON.stringify({ default: [{ type: 'insecureAcceptAnything' }] });

/**
 * Builds with buildah, which needs no daemon; its images are in the user's own store. RUN works in a changed root
 * (`--isolation chroot`), which needs no namespaces. The image is of Docker's format: the other knows no SHELL and no HEALTHCHECK.
 */
export function buildahBackend(environment: Environment): ImageBackend {
  return {
    name: 'buildah',
    async idOf(image) {
      const { code, stdout } = await runBuildah(['inspect', '--type', 'image', '--format', '{{.FromImageID}}', image]);
      // As Docker writes it: a tag does not depend on who built it.
      return code === 0 ? `sha256:${stdout.trim()}` : undefined;
    },
    async pull(image) {
      await using settings = await settingsFor(image, environment);
      must('pull the image', image, await runBuildah(['pull', '--quiet', ...settings.options, fullName(image)]));
    },
    async build({ tag, buildArgs, target, onOutput, ...sources }) {
      await using settings = await settingsFor(tag, environment);
      await using archive = await openContextArchive(sources);
      await using context = await unpackContextArchive(archive);
      const output = buildOutput(onOutput);
      const args = [
        'build',
        ...settings.policy,
        // The base images have been fetched by now.
        '--pull=never',
        '--isolation=chroot',
        '--format=docker',
        '--layers',
        '--force-rm',
        '--identity-label=false',
        ...Object.entries(buildArgs).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
        ...(target === undefined ? [] : ['--target', target]),
        `--file=${join(context.folder, archive.dockerfile)}`,
        `--tag=${tag}`,
        context.folder,
      ];
      const { code, reason } = await runBuildah(args, { onOutput: output.onOutput, scratch: context.scratch });
      if (code !== 0) throw cannotBuild({ tag, folder: sources.folder }, output.explain(reason));
    },
    async tag(image, target) {
      must('name the image', target, await runBuildah(['tag', image, target]));
    },
    async push(image) {
      await using settings = await settingsFor(image, environment);
      const digestFile = join(settings.folder, 'digest');
      const args = ['push', '--quiet', ...settings.options, '--digestfile', digestFile, image, `docker://${fullName(image)}`];
      must('push the image', image, await runBuildah(args));
      return (await readFile(digestFile, 'utf8')).trim();
    },
  };
}

/** With its registry and tag: buildah's list of registries for short names may be empty, Docker's is Docker Hub. */
function fullName(image: string): string {
  const reference = parseImageReference(image);
  if (reference === undefined) return image;
  const { registry, repository, tag, digest } = reference;
  return `${registry}/${repository}${digest === undefined ? `:${tag}` : `@${digest}`}`;
}

interface Settings extends AsyncDisposable {
  readonly folder: string;
  readonly policy: readonly string[];
  /** For what speaks to the registry of the image. */
  readonly options: readonly string[];
}

/** Files that buildah wants to be told about, for one command. */
async function settingsFor(image: string, environment: Environment): Promise<Settings> {
  const { registry, credentials } = await registryLogin(image, environment);
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-buildah-'));
  const policyFile = join(folder, 'policy.json');
  const policy = POLICIES.some((path) => existsSync(path)) ? [] : ['--signature-policy', policyFile];
  if (policy.length > 0) await writeFile(policyFile, POLICY);
  const authFile = join(folder, 'auth.json');
  if (credentials) {
    const { username, password, identityToken } = credentials;
    const auth = Buffer.from(`${username}:${password}`).toString('base64');
    const entry = identityToken === undefined ? { auth } : { auth, identitytoken: identityToken };
    await writeFile(authFile, JSON.stringify({ auths: { [registry]: entry } }), { mode: 0o600 });
  }
  // A registry of this machine may speak plain HTTP; Docker takes that for granted as well.
  const tls = /^(?:localhost|127(?:\.\d+){3})(?::\d+)?$/.test(registry) ? ['--tls-verify=false'] : [];
  return {
    folder,
    policy,
    options: [...policy, ...tls, ...(credentials ? ['--authfile', authFile] : [])],
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function must(what: string, image: string, { code, reason }: BuildahEnded): void {
  if (code !== 0) throw imageError(what, image, reason);
}
