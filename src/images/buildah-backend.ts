import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProductError } from '../base/errors.ts';
import type { ImageBackend } from './image-backend.ts';

const MAX_OUTPUT_BYTES = 64 * 2 ** 20;
/** Lets images in without signatures: Debian's buildah comes without a policy. */
const POLICY = JSON.stringify({ default: [{ type: 'insecureAcceptAnything' }] });

/**
 * Builds with buildah, which needs no daemon. `root`: folder of its images, for a store of one's own. Default: the user's store.
 * Where namespaces cannot be made, RUN works in a changed root (`--isolation chroot`).
 */
export function buildahBackend(options: { readonly root?: string; readonly isolation?: 'oci' | 'chroot' } = {}): ImageBackend {
  const { root, isolation = 'chroot' } = options;
  const store = root === undefined ? [] : ['--root', join(root, 'storage'), '--runroot', join(root, 'run')];
  const run = (args: readonly string[]) => buildah([...store, ...args]);
  return {
    name: 'buildah',
    async idOf(image) {
      const { code, output } = await run(['inspect', '--type', 'image', '--format', '{{.FromImageID}}', image]);
      return code === 0 ? output.trim() : undefined;
    },
    pull: (image) =>
      must(`pull the image ${image}`, () => withPolicy((policy) => run(['pull', ...policy, ...tlsOf(image), image]))).then(
        () => undefined,
      ),
    async build({ folder, files, tag, buildArgs, onOutput }) {
      const scratch = await mkdtemp(join(tmpdir(), 'pipewright-buildah-'));
      try {
        // The context is what we found it to be, whatever the ignore file means to this program.
        const ignore = join(scratch, 'ignore');
        await writeFile(ignore, ['**', ...files.map((file) => `!${file}`)].join('\n'));
        const given = Object.entries(buildArgs).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
        const args = (policy: readonly string[]) => [
          'build',
          ...policy,
          // The base images have been fetched by now.
          '--pull=never',
          '--isolation',
          isolation,
          '--ignorefile',
          ignore,
          ...given,
          '--tag',
          tag,
          folder,
        ];
        const output = await must(`build the image ${tag} from ${folder}`, () => withPolicy((policy) => run(args(policy))));
        onOutput(output);
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    },
    tag: (image, target) => must(`name the image ${target}`, () => run(['tag', image, target])).then(() => undefined),
    async push(image) {
      const scratch = await mkdtemp(join(tmpdir(), 'pipewright-buildah-'));
      try {
        const digestFile = join(scratch, 'digest');
        await must(`push the image ${image}`, () =>
          withPolicy((policy) =>
            run(['push', ...policy, ...tlsOf(image), '--digestfile', digestFile, image, `docker://${image}`]),
          ),
        );
        return (await readFile(digestFile, 'utf8')).trim();
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    },
  };
}

/** A registry of this machine speaks plain HTTP; Docker takes that for granted as well. */
function tlsOf(image: string): readonly string[] {
  return /^(localhost|127\.)/.test(image) ? ['--tls-verify=false'] : [];
}

interface Ended {
  readonly code: number;
  readonly output: string;
}

function buildah(args: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    execFile('buildah', args, { maxBuffer: MAX_OUTPUT_BYTES }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number')
        return reject(new ProductError('UNAVAILABLE', `buildah cannot be started: ${error.message}`));
      const code = typeof error?.code === 'number' ? error.code : 0;
      resolve({ code, output: code === 0 ? stdout : `${stdout}${stderr}` });
    });
  });
}

async function withPolicy(work: (options: readonly string[]) => Promise<Ended>): Promise<Ended> {
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-policy-'));
  try {
    await writeFile(join(folder, 'policy.json'), POLICY);
    return await work(['--signature-policy', join(folder, 'policy.json')]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function must(what: string, work: () => Promise<Ended>): Promise<string> {
  const { code, output } = await work();
  if (code === 0) return output;
  throw new ProductError('FAILED_PRECONDITION', `cannot ${what}: ${output.trim().split('\n').slice(-5).join('\n')}`);
}
