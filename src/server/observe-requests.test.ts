import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hono } from 'hono';
import { testServer } from '../../test/support/test-server.ts';
import { stepPipeline } from '../../test/support/step-pipeline.ts';
import { systemClock } from '../base/clock.ts';
import { systemIds } from '../base/ids.ts';
import { readPipeline } from '../ir/read.ts';
import type { AuthEnv } from './auth/caller.ts';
import { createLogger } from './log/logger.ts';
import { createMetrics } from './metrics/metrics.ts';
import { observeRequests } from './observe-requests.ts';

function observed(answer: () => Response, write: (line: string) => void) {
  const metrics = createMetrics();
  const hono = new Hono<AuthEnv>();
  hono.use(observeRequests({ metrics, ids: systemIds, logger: createLogger({ clock: systemClock, write, level: 'debug' }) }));
  hono.get('/runs/:id', (context) => {
    context.set('routeId', 'GetRun');
    return answer();
  });
  return { metrics, hono };
}

test('a request is logged once, with its id, operation, status and duration, without its query.', async () => {
  const lines: string[] = [];
  const { hono, metrics } = observed(
    () => new Response('x', { status: 404 }),
    (line) => lines.push(line),
  );
  const reply = await hono.request('/runs/7?token=hidden', { headers: { 'X-Request-Id': 'abc-1' } });
  assert.equal(reply.headers.get('X-Request-Id'), 'abc-1');
  const { durationMs, ...entry } = JSON.parse(lines.join('')) as Record<string, unknown>;
  assert.ok(typeof durationMs === 'number');
  assert.equal(entry['requestId'], 'abc-1');
  assert.deepEqual([entry['route'], entry['method'], entry['status'], entry['level']], ['GetRun', 'GET', 404, 'info']);
  assert.doesNotMatch(lines.join(''), /hidden/);
  metrics[Symbol.dispose]();
});

test('an id that is no id is replaced, and a failure is an error.', async () => {
  const lines: string[] = [];
  const { hono, metrics } = observed(
    () => new Response('x', { status: 500 }),
    (line) => lines.push(line),
  );
  const reply = await hono.request('/runs/7', { headers: { 'X-Request-Id': 'a b{}' } });
  assert.match(reply.headers.get('X-Request-Id') ?? '', /^[0-9a-f-]{36}$/);
  assert.match(lines[0]!, /"level":"error"/);
  await hono.request('/nowhere');
  assert.match(lines[1]!, /"route":"other"/);
  metrics[Symbol.dispose]();
});

test('runs, tasks, cache hits, steps, ticks, transactions and requests are measured.', async () => {
  await using server = await testServer();
  const { engine } = server.server.platform;
  const document = readPipeline(JSON.stringify(stepPipeline({ steps: { one: { sh: 'true' } } })), { fileName: 'a.json' });
  for (let time = 0; time < 2; time += 1) await engine.wait((await engine.submit({ document })).runId);
  await server.call('GET', '/apis/v2beta1/runs/absent');
  const reply = await fetch(`${server.url}/metrics`);
  assert.match(reply.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  const text = await reply.text();
  for (const expected of [
    /^pipewright_runs\{state="SUCCEEDED"\} 2$/m,
    /^pipewright_tasks\{state="RUNNING"\} 0$/m,
    /^pipewright_tasks_ended_total\{state="SUCCEEDED",kind="container"\} 1$/m,
    /^pipewright_tasks_ended_total\{state="CACHED",kind="container"\} 1$/m,
    /^pipewright_cache_hits_total 1$/m,
    /^pipewright_steps_waiting 0$/m,
    /^pipewright_steps_running 0$/m,
    /^pipewright_engine_tick_seconds_count [1-9]/m,
    /^pipewright_commit_seconds_count [1-9]/m,
    /^pipewright_http_requests_total\{route="RunService_GetRun",method="GET",status="404"\} 1$/m,
    /^pipewright_http_request_seconds_bucket\{route="RunService_GetRun",le="\+Inf"\} 1$/m,
    /^process_resident_memory_bytes [1-9]/m,
    /^nodejs_eventloop_lag_seconds\{quantile="0\.99"\} /m,
  ])
    assert.match(text, expected);
  for (const line of text.trim().split('\n')) assert.match(line, /^(# (HELP|TYPE) \w+ .+|\w+(\{.*\})? [-+.\deInfa]+)$/, line);
});
