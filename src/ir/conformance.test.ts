/** Every pipeline of the shared corpus, which stands beside the repository: read, refused and written as it should be. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readPipelineDocument } from './read.ts';
import { writeDocument, writePipelineYaml } from './write.ts';

const folder = new URL('../../../shared/conformance/pipelines/', import.meta.url);
const index = new URL('index.json', folder);
const skip = existsSync(index) ? false : 'the corpus is not there: ../shared/conformance/pipelines';

interface Entry {
  readonly file: string;
  readonly set: string;
}

const entries = (): Entry[] => JSON.parse(readFileSync(index, 'utf8')) as Entry[];
const read = (file: string) => readPipelineDocument(readFileSync(new URL(file, folder)), { fileName: file });
const isInvalid = ({ set }: Entry): boolean => set === 'HEAD-invalid';

test('every valid pipeline reads without errors', { skip }, () => {
  const failures = entries()
    .filter((entry) => !isInvalid(entry))
    .flatMap(({ file }) => {
      const errors = read(file).problems.filter(({ severity }) => severity !== 'warning');
      return errors.length > 0 ? [`${file}: ${JSON.stringify(errors)}`] : [];
    });
  assert.deepEqual(failures, []);
});

test('every invalid one is refused', { skip }, () => {
  for (const { file } of entries().filter(isInvalid)) {
    const { document, problems } = read(file);
    assert.equal(document, undefined, file);
    assert.ok(problems.length > 0, file);
  }
});

test('reading what was written gives the same document, as JSON and as YAML', { skip }, () => {
  for (const { file } of entries().filter((entry) => !isInvalid(entry))) {
    const document = read(file).document!;
    const json = writeDocument(document);
    assert.deepEqual(readPipelineDocument(json).document, document, file);
    assert.deepEqual(readPipelineDocument(writePipelineYaml(document)).document, document, file);
    assert.equal(writeDocument(readPipelineDocument(json).document!), json, file);
  }
});
