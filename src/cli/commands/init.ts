import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ProductError } from '../../base/errors.ts';
import { packageEntries } from '../../compiler/load-user-module.ts';
import { EXIT } from '../command-error.ts';
import { PROJECT_TEMPLATE, projectTsconfig } from '../project-template.ts';

/** `pipewright init`: writes a small project that runs. An existing file is never overwritten. */
export async function init(folder: string): Promise<number> {
  const root = resolve(folder);
  const name = pipelineName(basename(root));
  const files = { ...PROJECT_TEMPLATE, 'tsconfig.json': projectTsconfig(entryPaths()) };
  const taken = existsSync(root) ? (await readdir(root)).filter((file) => file in files) : [];
  if (taken.length > 0) {
    throw new ProductError('CONFLICT', `${folder} has ${taken.join(', ')} already`, {
      hint: 'name a folder that is empty or does not exist',
    });
  }
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text.replaceAll('my-pipeline', name));
  }
  process.stdout.write(
    `${name} is in ${root}\n\n${folder === '.' ? '' : `  cd ${folder}\n`}  pipewright local pipeline.ts\n  pipewright test\n`,
  );
  return EXIT.ok;
}

/** A folder's name as a pipeline may be called. */
function pipelineName(folder: string): string {
  const clean = folder
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return clean === '' ? 'my-pipeline' : clean.slice(0, 128);
}

function entryPaths(): Record<string, string> {
  return Object.fromEntries(Object.entries(packageEntries).map(([name, url]) => [name, fileURLToPath(url)]));
}
