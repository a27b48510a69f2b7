/** What is in the base images: packages of the distribution, unpacked into a folder as root. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { haveArchive } from './image-archives.ts';
import { runs } from './run-program.ts';

const KFP_VERSION = '2.14.3';
const DEBOOTSTRAP_TIMEOUT_MS = 300_000;

/** Debian's static busybox under all its names. */
export function fillBusybox(folder: string): boolean {
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
export function fillPython(folder: string): boolean {
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

/** The same with other packages. */
export function fillFromPython(folder: string, requirements: readonly string[]): boolean {
  const archive = haveArchive('python', fillPython);
  return archive !== undefined && runs('tar', ['-C', folder, '-xzf', archive]) && installPackages(folder, requirements);
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

/** What a speech model on a public hub consists of; the files have no content. */
const MODEL_FILES = [
  'added_tokens.json',
  'config.json',
  'generation_config.json',
  'merges.txt',
  'model.safetensors',
  'normalizer.json',
  'preprocessor_config.json',
  'special_tokens_map.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'vocab.json',
];

/** A model image (`oci://`): a folder of files, and no program. */
export function fillModel(folder: string): boolean {
  mkdirSync(join(folder, 'models'));
  for (const name of MODEL_FILES) writeFileSync(join(folder, 'models', name), '');
  return true;
}
