// The code of docs/guide/components.md runs, and says what its comments claim.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { inspect } from 'node:util';
import { pathToFileURL } from 'node:url';

const GUIDE = readFileSync(join(import.meta.dirname, '../../docs/guide/components.md'), 'utf8');
const blocks = [...GUIDE.matchAll(/^```(\w+)(?: file=(\S+))?\n([\s\S]*?)^```$/gm)].map(([, language, file, text]) => ({
  language,
  file,
  text: text!,
}));

let folder: string;
const home = process.cwd();
const server = createServer((request, response) => {
  if (request.url !== '/v1/ml_engine/train/component.yaml') return response.writeHead(404).end();
  return response.end('name: Train\nimplementation: {container: {image: i, command: [train]}}\n');
});

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  folder = mkdtempSync(join(tmpdir(), 'guide-'));
  for (const { file, text } of blocks.filter((block) => block.file !== undefined)) {
    mkdirSync(dirname(join(folder, file!)), { recursive: true });
    writeFileSync(join(folder, file!), text);
  }
  process.chdir(folder);
});

after(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
  server.closeAllConnections();
  server.close();
});

/** The package's entry, as far as the guide needs it. */
function entry(): string {
  const source = (name: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, `${name}.ts`)).href);
  return `export { ComponentStore } from ${source('component-store')};\nexport { loadComponentFromFile } from ${source('load-component')};\n`;
}

/** Statements that end in a comment with a value are asked for that value. */
function observed(code: string): { readonly code: string; readonly claims: readonly string[] } {
  const claims: string[] = [];
  const lines = code.split('\n').map((line) => {
    const claim = /^(?!const )(.+); \/\/ (\[ .* \])$/.exec(line);
    if (claim === null) return line;
    claims.push(claim[2]!);
    return `seen.push(${claim[1]!});`;
  });
  return { code: `export const seen: unknown[] = [];\n${lines.join('\n')}`, claims };
}

describe('the guide to components', () => {
  const code = blocks.filter(({ language }) => language === 'ts');

  it('has code to run', () => assert.ok(code.length >= 3));

  for (const [index, { text }] of code.entries()) {
    it(`block ${index + 1} runs and gives what it says`, async () => {
      writeFileSync(join(folder, 'pipewright.ts'), entry());
      const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const local = text.replace("'pipewright'", "'./pipewright.ts'").replace('https://components.example', origin);
      const { code: module, claims } = observed(local);
      const file = join(folder, `block-${index}.ts`);
      writeFileSync(file, module);
      const { seen } = (await import(pathToFileURL(file).href)) as { readonly seen: readonly unknown[] };
      assert.deepEqual(
        seen.map((value) => inspect(value, { breakLength: Number.POSITIVE_INFINITY })),
        claims,
      );
    });
  }
});
