/**
 * Makes a clone ready to run: installs the npm packages when they are missing or not those of package-lock.json, and makes sure
 * that the Node the project is written for works. Plain JavaScript of ES2020, because it runs on whatever Node the machine has
 * (18 or newer); everything after it runs on the pinned one.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const isWindows = process.platform === 'win32';

/** Installs what is missing and returns the path of the pinned Node. Ends the process with a message when that is impossible. */
export function ready() {
  const isFresh = !packagesAreInstalled();
  if (isFresh) installPackages();
  const node = pinnedNode() || repairNode();
  if (!isFresh || !leavesOutNativePackages()) return node;
  addNativePackages(node);
  // It was installed anew if npm may not run install scripts.
  return pinnedNode() || repairNode();
}

/**
 * Every package the lock file names is in node_modules with that version. Optional packages are left out: they are those of
 * other operating systems. (npm writes node_modules/.package-lock.json; comparing versions does not depend on file times.)
 */
function packagesAreInstalled() {
  const wanted = readJson(join(root, 'package-lock.json'));
  const present = readJson(join(root, 'node_modules', '.package-lock.json'));
  if (!wanted || !present) return false;
  return Object.entries(wanted.packages).every(
    ([path, entry]) =>
      path === '' || entry.optional || (present.packages[path] && present.packages[path].version === entry.version),
  );
}

// --include=dev: the pinned Node and the tests' tools are development packages, and NODE_ENV=production would leave them out.
const NPM_OPTIONS = ['--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];

function installPackages() {
  process.stderr.write('Installing the npm packages of the project (only this time) ...\n');
  const started = Date.now();
  let result = npm(['ci', ...NPM_OPTIONS], root);
  // A home folder that cannot be written (build machines, containers) has no room for npm's cache.
  if (result.status !== 0 && /\b(EACCES|EROFS|EPERM)\b/.test(result.stderr)) {
    process.env.npm_config_cache = join(root, '.cache', 'npm');
    result = npm(['ci', ...NPM_OPTIONS], root);
  }
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout}${result.stderr}\n`);
    fail(
      'npm ci did not succeed; its messages are above.',
      'Check the network and the npm registry setting (npm config get registry), then run the command again.',
    );
  }
  process.stderr.write(`Installed in ${Math.round((Date.now() - started) / 1000)} s.\n`);
}

/**
 * npm takes no optional package that asks for a newer Node than the one npm runs on. Under Node 18 the linter and the formatter are
 * left without the part made for this machine, and nothing says so.
 */
function leavesOutNativePackages() {
  const wanted = readJson(join(root, 'package-lock.json'));
  const fits = (list, value) => !list || list.includes(value);
  const libc = process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl';
  return Object.entries(wanted.packages).some(
    ([path, entry]) =>
      entry.optional &&
      fits(entry.os, process.platform) &&
      fits(entry.cpu, process.arch) &&
      (process.platform !== 'linux' || fits(entry.libc, libc)) &&
      !existsSync(join(root, path)),
  );
}

/** Only checks and formatting need them: without them everything else still works, so this may fail. */
function addNativePackages(node) {
  if (!process.env.npm_execpath) return;
  npm(['install', '--no-save', ...NPM_OPTIONS], root, node);
}

/** The pinned Node if its file exists and it starts, else undefined. */
function pinnedNode() {
  const path = join(root, 'node_modules', 'node', 'bin', isWindows ? 'node.exe' : 'node');
  if (!existsSync(path)) return undefined;
  const wanted = readJson(join(root, 'node_modules', 'node', 'package.json')).version;
  const result = spawnSync(path, ['--version'], { encoding: 'utf8' });
  return result.status === 0 && result.stdout.trim() === `v${wanted}` ? path : undefined;
}

/** npm may be told not to run install scripts; then the package `node` is there without its binary. Its script is run here. */
function repairNode() {
  const folder = join(root, 'node_modules', 'node');
  const result = spawnSync(process.execPath, ['installArchSpecificPackage.js'], { cwd: folder, encoding: 'utf8' });
  const path = pinnedNode();
  if (path) return path;
  process.stderr.write(`${result.stdout || ''}${result.stderr || ''}\n`);
  return fail(
    `The pinned Node (npm package "node") does not start on this machine (${process.platform} ${process.arch}).`,
    'Install Node 24 or newer yourself and run the file with it: node SCRIPT.ts',
  );
}

/** Runs npm: the one that started this process when there is one, so that its settings hold, else the one on PATH. */
function npm(args, cwd, node = process.execPath) {
  const cli = process.env.npm_execpath;
  const options = { cwd, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 };
  if (cli && /npm-cli\.c?js$/.test(cli)) return spawnSync(node, [cli, ...args], options);
  return spawnSync(isWindows ? 'npm.cmd' : 'npm', args, { ...options, shell: isWindows });
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function fail(message, hint) {
  process.stderr.write(`pipewright: ${message}\n${hint}\n`);
  return process.exit(1);
}
