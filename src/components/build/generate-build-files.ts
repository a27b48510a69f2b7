import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
  type Dirent,
} from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { ProductError } from '../../base/errors.ts';
import { hasErrors, type BuildOptions, type BuildPlan, type Sources } from './build-plan.ts';
import { planBuild } from './plan-build.ts';

/** Bounds of what is read from a source folder; files that are not read, such as data, are not counted. */
const MAX_FILES = 5_000;
const MAX_TEXT_BYTES = 1024 * 1024;
const IGNORED = ['.git', 'node_modules', '__pycache__', '.venv', 'venv', 'component_metadata'];
/** Files whose text matters; of the others only the name does. */
const READ = /(?:\.py|^component\.yaml|^Dockerfile|^\.dockerignore)$/;

/**
 * Writes the files a component image is built from into a source folder: see {@link planBuild}. The plan it returns has the files
 * that are new or changed. Throws a ProductError with all problems, and writes nothing then.
 */
export function generateBuildFiles(folder: string, options: BuildOptions = {}): BuildPlan {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new ProductError('NOT_FOUND', `there is no folder ${folder}`, {
      hint: 'give the folder with the sources of the component',
    });
  }
  const plan = planBuild(readSources(folder), options);
  if (hasErrors(plan.problems)) {
    throw new ProductError(
      'INVALID_PIPELINE',
      `no image can be built from ${folder}: ${plan.problems.find((problem) => problem.severity !== 'warning')!.message}`,
      {
        problems: plan.problems,
      },
    );
  }
  const changed = Object.entries(plan.files).filter(([path, text]) => contentOf(join(folder, path)) !== text);
  for (const [path, text] of changed) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    replaceFile(target, text);
  }
  return { ...plan, files: Object.fromEntries(changed) };
}

const contentOf = (path: string): string | undefined => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);

/** In one step: another build may be reading the folder. A symbolic link stays one. */
export function replaceFile(path: string, text: string): void {
  const isThere = existsSync(path);
  const target = isThere ? realpathSync(path) : path;
  const half = `${target}.${process.pid}.tmp`;
  writeFileSync(half, text, isThere ? { mode: statSync(target).mode } : {});
  renameSync(half, target);
}

function readSources(folder: string): Sources {
  const sources: Record<string, string> = {};
  const waiting = [folder];
  let count = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const entry of filesIn(next)) {
      const path = join(next, entry.name);
      if (entry.isDirectory() && !IGNORED.includes(entry.name)) waiting.push(path);
      const isFile = entry.isFile() || (entry.isSymbolicLink() && (statSync(path, { throwIfNoEntry: false })?.isFile() ?? false));
      const name = relative(folder, path).split(sep).join(posix.sep);
      if (!isFile) continue;
      if (READ.test(name)) {
        count += 1;
        if (count > MAX_FILES) throw tooMany(folder);
        sources[name] = statSync(path).size <= MAX_TEXT_BYTES ? readFileSync(path, 'utf8') : '';
      } else if (next === folder) sources[name] = '';
    }
  }
  return sources;
}

/** In the order of their names. What may not be looked into has no sources; whether it belongs to the image is asked later. */
function filesIn(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((left, right) => (left.name < right.name ? -1 : 1));
  } catch {
    return [];
  }
}

function tooMany(folder: string): ProductError {
  return new ProductError('TOO_LARGE', `${folder} has more than ${MAX_FILES} Python files`, {
    hint: 'give the folder of one component',
  });
}
