// A server that is told to end, in the middle of a step.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import type { JsonObject } from '../../src/base/json.ts';
import { repositoryRoot } from '../support/source-files.ts';
import { stepPipeline } from '../support/step-pipeline.ts';

const COMMAND = join(repositoryRoot, 'bin', 'pipewright.js');

async function started(dataDir: string): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const options = ['up', '--port', '0', '--data', dataDir, '--executor', 'process', '--log-level', 'error'];
  const child = spawn(process.execPath, [COMMAND, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout! })) {
    const url = /ready: (\S+)/.exec(line)?.[1];
    if (url !== undefined) return { child, url };
  }
  throw new Error('the server ended before it was ready');
}

test('A step goes on while the server is away, and the next server has its end and its whole log.', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'pipewright-stop-'));
  try {
    const marker = join(dataDir, 'go-on');
    const sh = `echo begun; echo x >> "${dataDir}/count"; until [ -e "${marker}" ]; do sleep 0.05; done; echo ended`;
    const first = await started(dataDir);
    const body = JSON.stringify({ display_name: 'r', pipeline_spec: stepPipeline({ steps: { wait: { sh } } }) });
    const created = await fetch(`${first.url}/apis/v2beta1/runs`, { method: 'POST', body });
    const { run_id: runId } = (await created.json()) as { readonly run_id: string };
    const log = join(dataDir, 'logs', runId, '1.0.log');
    while ((await readFile(log, 'utf8').catch(() => '')) === '') await new Promise((resolve) => setTimeout(resolve, 20));
    first.child.kill('SIGTERM');
    assert.deepEqual(await once(first.child, 'exit'), [0, null]);
    await writeFile(marker, '');

    const second = await started(dataDir);
    let state = '';
    while (state !== 'SUCCEEDED') {
      const run = (await (await fetch(`${second.url}/apis/v2beta1/runs/${runId}`)).json()) as JsonObject;
      state = run['state'] as string;
      assert.notEqual(state, 'FAILED');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const text = await (await fetch(`${second.url}/apis/v2beta1/runs/${runId}/nodes/${runId}.1/log`)).text();
    assert.equal(text, 'begun\nended\n');
    assert.equal(await readFile(join(dataDir, 'count'), 'utf8'), 'x\n');
    second.child.kill('SIGTERM');
    await once(second.child, 'exit');
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
