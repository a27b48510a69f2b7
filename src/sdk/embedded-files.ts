/** Files that travel inside a Python step: a folder, a file or a notebook as a small archive in the step's source. */
import { createRequire } from 'node:module';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { ProductError } from '../base/errors.ts';

export interface Embedding {
  /** Absolute path of a file or folder. */
  readonly path: string;
  /** It is a notebook, which `dsl.run_notebook` runs. */
  readonly isNotebook: boolean;
}

/** What a notebook needs beside itself, as the Python SDK installs it. */
export const NOTEBOOK_PACKAGES: readonly string[] = ['nbclient>=0.10,<1', 'ipykernel>=6,<7', 'jupyter_client>=7,<9'];

/** The archive is an argument of the step's program; Kubernetes stores it with the pod. */
const MAX_ARCHIVE_BYTES = 1_000_000;

/**
 * Python source to stand before the function: it unpacks the files into a folder that lasts as long as the step, makes them
 * importable, and names the folder and the file as the SDK's runtime looks for them (`EmbeddedInput`).
 */
export function embeddingSource({ path, isNotebook }: Embedding): string {
  const archive = packed(path);
  const name = statSync(path).isDirectory() ? undefined : basename(path);
  return [
    'import base64 as _files_base64, io as _files_io, os as _files_os, sys as _files_sys, tarfile as _files_tarfile, tempfile as _files_tempfile',
    `__KFP_EMBEDDED_ARCHIVE_B64 = '${archive.toString('base64')}'`,
    '_files_folder = _files_tempfile.TemporaryDirectory()',
    '__KFP_EMBEDDED_ASSET_DIR = _files_folder.name',
    "with _files_tarfile.open(fileobj=_files_io.BytesIO(_files_base64.b64decode(__KFP_EMBEDDED_ARCHIVE_B64)), mode='r:gz') as _files_archive:",
    '    _files_archive.extractall(__KFP_EMBEDDED_ASSET_DIR)',
    '_files_sys.path.insert(0, __KFP_EMBEDDED_ASSET_DIR)',
    ...(name === undefined
      ? []
      : [`__KFP_EMBEDDED_ASSET_FILE = _files_os.path.join(__KFP_EMBEDDED_ASSET_DIR, ${JSON.stringify(name)})`]),
    ...(isNotebook ? [NOTEBOOK_RUNNER] : []),
    '',
  ].join('\n');
}

/** Parameters go into a cell of their own, behind the one tagged `parameters` if there is one (papermill's convention). */
const NOTEBOOK_RUNNER = `
def _run_embedded_notebook(**parameters):
    import json
    import nbformat
    from nbclient import NotebookClient
    notebook = nbformat.read(__KFP_EMBEDDED_ASSET_FILE, as_version=4)
    if parameters:
        lines = ['import json'] + [f'{name} = json.loads({json.dumps(value)!r})' for name, value in parameters.items()]
        cell = nbformat.v4.new_code_cell('\\n'.join(lines))
        cell.metadata['tags'] = ['injected-parameters']
        tagged = [index for index, other in enumerate(notebook.cells) if 'parameters' in other.metadata.get('tags', [])]
        notebook.cells.insert(tagged[0] + 1 if tagged else 0, cell)

    def show(cell, cell_index, **_):
        for output in cell.get('outputs', []):
            text = output.get('text') or output.get('data', {}).get('text/plain')
            if text:
                print(text.rstrip('\\n'), flush=True)

    client = NotebookClient(notebook, kernel_name='python3', resources={'metadata': {'path': __KFP_EMBEDDED_ASSET_DIR}}, on_cell_executed=show)
    client.execute()


dsl.run_notebook = _run_embedded_notebook
`;

/** The same files give the same bytes: no times, no owners. */
function packed(path: string): Buffer {
  if (!existsSync(path))
    throw new ProductError('NOT_FOUND', `python(…): there is no file or folder ${path} to embed`, {
      hint: 'the path is relative to the file it is written in',
    });
  // Loaded only when something is embedded: most pipelines start without it.
  const { create } = createRequire(import.meta.url)('tar') as typeof import('tar');
  const isFolder = statSync(path).isDirectory();
  const cwd = isFolder ? path : dirname(path);
  const names = isFolder ? readdirSync(path).sort() : [basename(path)];
  const archive = create({ sync: true, gzip: { level: 9 }, portable: true, mtime: new Date(0), cwd: resolve(cwd) }, names).read();
  if (archive === null) throw new ProductError('INVALID_PIPELINE', `python(…): ${path} is empty`);
  if (archive.length > MAX_ARCHIVE_BYTES) {
    throw new ProductError(
      'TOO_LARGE',
      `python(…): ${path} has ${archive.length} bytes when packed, a step takes ${MAX_ARCHIVE_BYTES}`,
      {
        hint: 'put large files into an artifact or the image',
      },
    );
  }
  return archive;
}
