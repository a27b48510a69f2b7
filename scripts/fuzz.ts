/** `npm run fuzz [-- COUNT [SEED]]`: so many requests over every route of a server of its own; exits 1 when one surprised it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openServer } from '../src/serve.ts';
import { fuzzServer } from '../test/support/fuzz-server.ts';

const count = Number(process.argv[2] ?? 100_000);
const seed = Number(process.argv[3] ?? 1);
const MAX_SHOWN = 10;

const dataDir = await mkdtemp(join(tmpdir(), 'pipewright-fuzz-'));
const bugs: string[] = [];
const server = await openServer({
  dataDir,
  port: 0,
  executor: 'nope',
  onError: (error, doing) => bugs.push(`${doing}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
});
try {
  const started = performance.now();
  const { sent, answers, failures } = await fuzzServer({ url: server.url, seed, count });
  const seconds = (performance.now() - started) / 1000;
  const kinds = [...answers].map(([kind, number]) => `${kind} ${number}`).join(', ');
  console.log(`seed ${seed}: ${sent} requests in ${seconds.toFixed(0)} s: ${kinds}`);
  for (const { request, status, answer } of failures.slice(0, MAX_SHOWN)) {
    console.log(`\n${status} ${request.method} ${request.path}`);
    if (request.body) console.log(`  body: ${Buffer.from(request.body).toString('utf8').slice(0, 1_000)}`);
    console.log(`  answer: ${answer.slice(0, 500)}`);
  }
  for (const bug of bugs.slice(0, MAX_SHOWN)) console.log(`\n${bug}`);
  const isAlive = (await fetch(`${server.url}/apis/v2beta1/healthz`)).ok;
  console.log(
    isAlive && failures.length + bugs.length === 0
      ? 'nothing surprised the server'
      : `${failures.length} failures, ${bugs.length} bugs`,
  );
  process.exitCode = isAlive && failures.length + bugs.length === 0 ? 0 : 1;
} finally {
  await server.close();
  await rm(dataDir, { recursive: true, force: true });
}
