import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { ProductError } from '../../base/errors.ts';
import { hasErrors, planBuild, type BuildOptions, type BuildPlan } from './plan-build.ts';

/** Bounds of what is read from a source folder. */
const MAX_FILES = 5_000;
const MAX_TEXT_BYTES = 1024 * 1024;
const IGNORED = ['.git', 'node_modules', '__pycache__', '.venv', 'venv', 'component_metadata'];
/** Files whose text matters; of the others only the name does. */
const READ = /(?:\.py|^component\.yaml|^Dockerfile|^\.dockerignore)$/;

/**
 * Writes the files a component image is built from into a source folder: see {@link planBuild}. Throws a ProductError with all
 * problems, and writes nothing then.
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
  for (const [path, text] of Object.entries(plan.files)) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  return plan;
}

function readSources(folder: string): Readonly<Record<string, string>> {
  const sources: Record<string, string> = {};
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const entry of readdirSync(next, { withFileTypes: true }).sort((left, right) => (left.name < right.name ? -1 : 1))) {
      const path = join(next, entry.name);
      if (entry.isDirectory() && !IGNORED.includes(entry.name)) waiting.push(path);
      if (!entry.isFile()) continue;
      const name = relative(folder, path).split(sep).join(posix.sep);
      if (Object.keys(sources).length === MAX_FILES) throw tooMany(folder);
      sources[name] = READ.test(name) && statSync(path).size <= MAX_TEXT_BYTES ? readFileSync(path, 'utf8') : '';
    }
  }
  return sources;
}

function tooMany(folder: string): ProductError {
  return new ProductError('TOO_LARGE', `${folder} has more than ${MAX_FILES} files`, {
    hint: 'give the folder of one component, without its data',
  });
}
