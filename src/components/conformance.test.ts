import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Arguments } from './argument-texts.ts';
import { catalogueAnswer, readCatalogue } from './catalogue.ts';
import type { ComponentDefinition } from './component-definition.ts';
import { ComponentStore } from './component-store.ts';
import { componentDigest, gitBlobDigest } from './digest.ts';
import { factoryParameters } from './factory-parameters.ts';
import { fileName, kubernetesName, pythonName } from './port-names.ts';
import { readComponentText } from './read-component.ts';
import { resolveComponent, type ResolvedComponent } from './resolve-component.ts';
import { serializeValue, type ArgumentValue } from './serialize-value.ts';
import { toIr } from './to-ir.ts';
import { writeComponent } from './write-component.ts';

const FOLDER = join(import.meta.dirname, '../../../shared/conformance/components');
const missing = existsSync(FOLDER) ? false : 'the conformance data is not beside the repository';
const readJson = <Shape>(...path: readonly string[]) => JSON.parse(readFileSync(join(FOLDER, ...path), 'utf8')) as Shape;

interface IndexEntry {
  readonly path: string;
  readonly load?: string;
  readonly digest: string;
  readonly gitBlob: string;
  readonly parameters?: readonly Parameter[];
}

interface Parameter {
  readonly name: string;
  readonly required: boolean;
  readonly annotation: string | null;
}

interface MicroCase {
  readonly component: unknown;
  readonly arguments: Arguments;
  readonly verdict: string;
  readonly parameters?: readonly Parameter[];
  readonly resolved?: Paths;
  readonly resolveError?: string;
}

type Paths = Omit<ResolvedComponent, 'values'>;

function paths(resolved: ResolvedComponent | undefined): Paths | undefined {
  if (resolved === undefined) return undefined;
  const { command, args, inputPaths, outputPaths } = resolved;
  return { command, args, inputPaths, outputPaths };
}

describe('published components of two releases', { skip: missing }, () => {
  for (const tag of ['0.2.5', '1.8.22']) {
    it(`${tag}: each loads or is refused, has its signature and resolves as with the 1.8.22 SDK`, (context) => {
      const counts = { loaded: 0, refused: 0, resolved: 0 };
      for (const entry of readJson<{ files: readonly IndexEntry[] }>(tag, 'index.json').files) {
        const bytes = readFileSync(join(FOLDER, tag, entry.path));
        assert.equal(componentDigest(bytes), entry.digest, entry.path);
        assert.equal(gitBlobDigest(bytes), entry.gitBlob, entry.path);
        const { component, problems } = readComponentText(bytes.toString('utf8'));
        assert.equal(component !== undefined, entry.load === 'ok', `${entry.path}: ${JSON.stringify(problems)}`);
        if (component === undefined) {
          counts.refused += 1;
          continue;
        }
        counts.loaded += 1;
        assert.deepEqual(readComponentText(writeComponent(component)).component, component, entry.path);
        if (component.implementation?.kind === 'container') assert.deepEqual(unexpressible(component), [], entry.path);
        assert.deepEqual(factoryParameters(component).map(comparable), entry.parameters!.map(comparable), entry.path);
        const golden = join('_oracle', tag, `${entry.path}.json`);
        if (!existsSync(join(FOLDER, golden))) continue;
        for (const [set, expected] of Object.entries(
          readJson<{ cases: Record<string, Paths & { arguments: Arguments }> }>(golden).cases,
        )) {
          const { arguments: given, ...wanted } = expected;
          assert.deepEqual(paths(resolveComponent(component, given).resolved), wanted, `${entry.path}, ${set}`);
          counts.resolved += 1;
        }
      }
      context.diagnostic(JSON.stringify(counts));
      assert.ok(counts.loaded > 70 && counts.resolved > 140);
    });
  }
});

function comparable({
  name,
  required,
  annotation,
}: {
  readonly name: string;
  readonly required: boolean;
  readonly annotation: string | null;
}) {
  return { name, required, annotation };
}

/** What keeps a component out of a compiled pipeline, if anything. */
function unexpressible(component: ComponentDefinition): readonly string[] {
  return toIr(component)
    .problems.filter((problem) => problem.severity !== 'warning')
    .map((problem) => problem.message);
}

describe('a store on a catalogue of the published components', { skip: missing }, () => {
  it('loads the sample components by their names, and the one that is misspelled with a warning', async () => {
    const catalogue = readCatalogue(FOLDER);
    const server = createServer((request, response) => {
      const answer = catalogueAnswer(catalogue, request.url!);
      if (answer.kind === 'missing') response.writeHead(404).end();
      else response.end(answer.kind === 'file' ? readFileSync(answer.path) : JSON.stringify(answer.body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const prefix = `http://127.0.0.1:${(server.address() as AddressInfo).port}/0.2.5/components/gcp/`;
      const store = new ComponentStore({ localSearchPaths: null, urlSearchPrefixes: [prefix] });
      const query = await store.loadComponent('bigquery/query');
      const train = await store.loadComponent('mlengine/train');
      const deploy = await store.loadComponent('ml_engine/deploy');
      assert.match(query.digest, /^3ef96c143973e87e/);
      assert.equal(train.warnings[0]?.message, 'there is no component "mlengine/train"; "ml_engine/train" was loaded');
      const chained = [query.outputs, train.inputs, train.outputs, deploy.inputs].map((ports) =>
        ports
          .filter(({ name }) => /^(?:output_gcs_path|args|job_dir|model_uri)$/.test(name))
          .map(({ name, parameterType }) => `${name}: ${parameterType}`),
      );
      assert.deepEqual(chained, [
        ['output_gcs_path: STRING'],
        ['args: LIST', 'job_dir: STRING'],
        ['job_dir: STRING'],
        ['model_uri: STRING'],
      ]);
      for (const component of [query, train, deploy]) assert.equal(component.ir().executor?.kind, 'container');
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

describe('one-rule cases', { skip: missing }, () => {
  const micro = missing
    ? { cases: {}, serialize: [], names: [] }
    : readJson<{
        cases: Record<string, MicroCase>;
        serialize: readonly { value: string; type: string | null; result?: string }[];
        names: readonly { input: string; python: string; k8s: string; file: string }[];
      }>('micro.json');

  for (const [title, expected] of Object.entries(micro.cases)) {
    it(title, () => {
      const { component } = readComponentText(JSON.stringify(expected.component));
      assert.equal(component === undefined ? 'rejected' : 'accepted', expected.verdict);
      if (component === undefined) return;
      assert.deepEqual(factoryParameters(component).map(comparable), expected.parameters!.map(comparable));
      const { resolved } = resolveComponent(component, expected.arguments);
      if (expected.resolved !== undefined) assert.deepEqual(paths(resolved), expected.resolved);
      if (expected.resolveError !== undefined) assert.equal(resolved, undefined);
    });
  }

  for (const { value, type, result } of micro.serialize) {
    it(`${value} as ${type ?? 'nothing'}`, () => {
      const serialized = serializeValue(fromPython(value), type ?? undefined);
      assert.equal(serialized.ok ? serialized.text : undefined, result);
    });
  }

  for (const { input, python, k8s, file } of micro.names) {
    it(`the names of "${input}"`, () => {
      assert.deepEqual({ python: pythonName(input), k8s: kubernetesName(input), file: fileName(input) }, { python, k8s, file });
    });
  }
});

/** The cases write their values as Python shows them. */
function fromPython(text: string): ArgumentValue {
  if (text === 'inf') return Number.POSITIVE_INFINITY;
  const json = text.replaceAll("'", '"').replaceAll('None', 'null').replaceAll('True', 'true').replaceAll('False', 'false');
  const value = JSON.parse(json) as ArgumentValue;
  return typeof value === 'number' && !Number.isSafeInteger(value) && /^\d+$/.test(text) ? BigInt(text) : value;
}
