/**
 * Base images for tests, made from packages of the distribution instead of a registry of images: a busybox of one file, and a Debian
 * with Python, pip and kfp. They stand in for the images pipelines name; a name that is taken on this machine is left alone.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Changed with what is in them, so that a cached one is made anew. */
const VERSION = 1;
const KFP_VERSION = '2.14.3';
/** What pipelines of the years before name; its own requirements do not keep it from a urllib3 it cannot work with. */
const OLD_KFP = ['kfp==2.0.0b16', 'urllib3<2'];
const DEBOOTSTRAP_TIMEOUT_MS = 300_000;
const PULL_TIMEOUT_MS = 120_000;

interface BaseImage {
  readonly name: string;
  /** The names it goes by in tests and pipelines. */
  readonly tags: readonly string[];
  /** What public pipelines name, and it is good enough for. */
  readonly standIns: readonly string[];
  /** Lines of a Dockerfile that `docker import` takes. */
  readonly changes: readonly string[];
  /** Fills a folder with its files; false if it cannot be done here. */
  readonly fill: (folder: string) => boolean;
}

const PYTHON_TAGS = ['3.9', '3.10', '3.11', '3.12', '3.9-slim', '3.11-slim', '3.12-slim'];

const PYTHON_CHANGES = [
  'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  'ENV LANG=C.UTF-8',
  'CMD ["python3"]',
];

const BASE_IMAGES: readonly BaseImage[] = [
  {
    name: 'busybox',
    tags: ['alpine:latest', 'busybox:latest', 'busybox:1.36'],
    standIns: ['alpine:3.23', 'ghcr.io/containerd/busybox:latest'],
    changes: ['ENV PATH=/bin:/usr/bin', 'CMD ["sh"]'],
    fill: fillBusybox,
  },
  {
    name: 'python',
    tags: PYTHON_TAGS.map((tag) => `python:${tag}`),
    standIns: [
      'registry.access.redhat.com/ubi9/python-311:latest',
      'public.ecr.aws/docker/library/python:3.12',
      'library/bash:latest',
      'python:alpine3.9',
    ],
    changes: PYTHON_CHANGES,
    fill: fillPython,
  },
  {
    name: 'old-python',
    tags: [],
    standIns: ['python:3.7', 'python:3.8', 'python:3.7-slim'],
    changes: PYTHON_CHANGES,
    fill: (folder) => fillFromPython(folder, OLD_KFP),
  },
  {
    name: 'cloud-sdk',
    tags: [],
    standIns: ['google/cloud-sdk:latest'],
    changes: PYTHON_CHANGES,
    fill: (folder) => fillFromPython(folder, ['gsutil==5.38']),
  },
];

/** Where what takes long to make is kept between runs. */
export function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'pipewright', 'containers');
}

const archiveOf = (name: string): string => join(cacheFolder(), `${name}-${VERSION}.tar.gz`);

/** Sees to the images; returns one line for every one that cannot be had. */
export function haveBaseImages({ standIns }: { readonly standIns: boolean }): string[] {
  return BASE_IMAGES.flatMap((image) => {
    const tags = standIns ? [...image.tags, ...image.standIns] : image.tags;
    const missing = tags.filter((tag) => !docker(['image', 'inspect', tag]));
    if (missing.length === 0) return [];
    const ours = `pipewright-test/${image.name}:${VERSION}`;
    if (!docker(['image', 'inspect', ours]) && !importImage(image, ours)) {
      // Where a registry of images can be reached and packages cannot be unpacked, the real ones do.
      if (docker(['pull', '-q', missing[0]!], PULL_TIMEOUT_MS)) return [];
      return [`the image ${image.tags[0]} can neither be made nor pulled here: tests that use it are skipped.`];
    }
    for (const tag of missing) docker(['tag', ours, tag]);
    return [];
  });
}

function importImage({ name, changes, fill }: BaseImage, tag: string): boolean {
  const archive = archiveOf(name);
  if (!existsSync(archive) && !makeArchive(name, archive, fill)) return false;
  return docker(['import', ...changes.flatMap((change) => ['--change', change]), archive, tag], PULL_TIMEOUT_MS);
}

function makeArchive(name: string, archive: string, fill: BaseImage['fill']): boolean {
  console.log(`making the base image ${name}`);
  mkdirSync(cacheFolder(), { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-image-'));
  try {
    const half = `${archive}.${process.pid}`;
    if (!fill(folder) || !runs('tar', ['-C', folder, '--numeric-owner', '-czf', half, '.'])) return false;
    renameSync(half, archive);
    return true;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Debian's static busybox under all its names. */
function fillBusybox(folder: string): boolean {
  const unpacked = mkdtempSync(join(tmpdir(), 'pipewright-busybox-'));
  try {
    if (!runs('apt-get', ['download', 'busybox-static'], { cwd: unpacked })) return false;
    const [file] = readdirSync(unpacked);
    if (file === undefined || !runs('dpkg-deb', ['-x', join(unpacked, file), unpacked])) return false;
    for (const part of ['bin', 'usr/bin', 'etc', 'root', 'tmp']) mkdirSync(join(folder, part), { recursive: true });
    chmodSync(join(folder, 'tmp'), 0o1777);
    const program = join(folder, 'bin', 'busybox');
    copyFileSync(join(unpacked, 'bin', 'busybox'), program);
    chmodSync(program, 0o755);
    const names = spawnSync(program, ['--list'], { encoding: 'utf8' }).stdout.split('\n');
    for (const name of names) if (name !== '' && name !== 'busybox') symlinkSync('busybox', join(folder, 'bin', name));
    symlinkSync('/bin/env', join(folder, 'usr/bin/env'));
    writeFileSync(join(folder, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n');
    writeFileSync(join(folder, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n');
    return true;
  } finally {
    rmSync(unpacked, { recursive: true, force: true });
  }
}

/** A Debian of the host's release; like the official Python images, pip may install into it. */
function fillPython(folder: string): boolean {
  const release = /^VERSION_CODENAME=(\w+)$/m.exec(
    existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '',
  )?.[1];
  if (release === undefined) return false;
  const include = 'python3,python3-pip,python3-venv,ca-certificates';
  const options = ['--variant=minbase', `--include=${include}`, release, folder, 'http://deb.debian.org/debian'];
  if (!runs('debootstrap', options, { timeout: DEBOOTSTRAP_TIMEOUT_MS })) return false;
  for (const path of ['var/cache/apt/archives', 'var/lib/apt/lists'])
    rmSync(join(folder, path), { recursive: true, force: true });
  for (const name of readdirSync(join(folder, 'usr/lib')).filter((entry) => entry.startsWith('python3')))
    rmSync(join(folder, 'usr/lib', name, 'EXTERNALLY-MANAGED'), { force: true });
  symlinkSync('python3', join(folder, 'usr/bin/python'));
  installPackages(folder, [`kfp==${KFP_VERSION}`]);
  return true;
}

function fillFromPython(folder: string, requirements: readonly string[]): boolean {
  const archive = archiveOf('python');
  if (!existsSync(archive) && !makeArchive('python', archive, fillPython)) return false;
  return runs('tar', ['-C', folder, '-xzf', archive]) && installPackages(folder, requirements);
}

/** So that components of this version need no network; without one, the image is good for everything else. */
function installPackages(folder: string, requirements: readonly string[]): boolean {
  // The host's certificates know the authority a mirror may stand behind; they do not stay in the image.
  const bundle = 'tmp/host-certificates.pem';
  copyFileSync('/etc/resolv.conf', join(folder, 'etc/resolv.conf'));
  copyFileSync('/etc/ssl/certs/ca-certificates.crt', join(folder, bundle));
  const install = [
    'python3',
    '-m',
    'pip',
    'install',
    '-q',
    '--no-cache-dir',
    '--root-user-action=ignore',
    '--cert',
    `/${bundle}`,
  ];
  const installed = runs('chroot', [folder, ...install, ...requirements], {
    timeout: DEBOOTSTRAP_TIMEOUT_MS,
    env: { ...process.env, PATH: '/usr/sbin:/usr/bin:/sbin:/bin', REQUESTS_CA_BUNDLE: `/${bundle}`, PIP_CERT: `/${bundle}` },
  });
  rmSync(join(folder, bundle));
  return installed;
}

function docker(args: readonly string[], timeout = 30_000): boolean {
  return runs('docker', args, { timeout });
}

function runs(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly timeout?: number; readonly env?: NodeJS.ProcessEnv } = {},
): boolean {
  return spawnSync(program, args, { stdio: 'ignore', ...options }).status === 0;
}
