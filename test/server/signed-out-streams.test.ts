// What goes on for long ends with the session or token it was opened with, and with a change of its rights.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAuthConfig } from '../../src/server/auth/auth-config.ts';
import { stepPipeline } from '../support/step-pipeline.ts';
import { testServer } from '../support/test-server.ts';

const OWN = '/apis/pipewright/v1';
const JSON_TYPE = { 'content-type': 'application/json' };

async function scene() {
  const opened = await testServer({ executor: 'process', auth: readAuthConfig({ authPassword: 'secret' }, {}) });
  const send = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(opened.url + path, init);
    assert.equal(response.status, 200, `${path}: ${response.status}`);
    return response;
  };
  const logIn = async (username: string, password: string) => {
    const answer = await send(`${OWN}/session`, { method: 'POST', body: JSON.stringify({ username, password }) });
    return { cookie: answer.headers.get('set-cookie')!.split(';')[0]!, ...JSON_TYPE };
  };
  const admin = await logIn('admin', 'secret');
  const post = async (path: string, body: object) =>
    (await (await send(path, { method: 'POST', headers: admin, body: JSON.stringify(body) })).json()) as Record<string, string>;
  return { opened, send, logIn, admin, post };
}

/** Resolves with what was sent until the other side ended it. */
const whole = async (response: Response): Promise<string> => await response.text();

test('The events of a browser end when it logs out, and those of other sessions do not.', async () => {
  const { opened, send, logIn, admin } = await scene();
  await using _ = opened;
  const other = await logIn('admin', 'secret');
  const [ended, goesOn] = await Promise.all([
    send(`${OWN}/events`, { headers: other }),
    send(`${OWN}/events`, { headers: admin }),
  ]);
  const reader = goesOn.body!.getReader();
  await reader.read();
  await send(`${OWN}/session`, { method: 'DELETE', headers: other });
  assert.match(await whole(ended), /^: open/);
  const still = await Promise.race([reader.read().then(() => 'ended'), new Promise((r) => setTimeout(() => r('open'), 50))]);
  assert.equal(still, 'open');
  await reader.cancel();
});

test('Events and a followed log end when their token is deleted.', async () => {
  const { opened, send, admin, post } = await scene();
  await using _ = opened;
  const { token, token_id: tokenId } = await post(`${OWN}/tokens`, { name: 'watcher' });
  const { run_id: runId } = await post('/apis/v2beta1/runs', {
    display_name: 'long',
    pipeline_spec: stepPipeline({ steps: { only: { sh: 'echo begun; sleep 60' } } }),
  });
  const headers = { authorization: `Bearer ${token}` };
  const events = await send(`${OWN}/runs/${runId}/events`, { headers });
  const log = await send(`${OWN}/runs/${runId}/tasks/${runId}.1/log?follow=true`, { headers });
  await send(`${OWN}/tokens/${tokenId}`, { method: 'DELETE', headers: admin });
  const [told] = await Promise.all([whole(events), whole(log)]);
  assert.match(told, /event: run/);
  await post(`/apis/v2beta1/runs/${runId}:terminate`, {});
  await opened.server.platform.engine.wait(runId!);
});

test('Events end when the rights of their user change: what they may see is not what it was.', async () => {
  const { opened, send, logIn, admin, post } = await scene();
  await using _ = opened;
  await post(`${OWN}/users`, { name: 'ada', password: 'correct horse' });
  const binding = await post(`${OWN}/rolebindings`, { subject: 'ada', namespace: '', role: 'viewer' });
  const events = await send(`${OWN}/events`, { headers: await logIn('ada', 'correct horse') });
  await send(`${OWN}/rolebindings/${binding['role_binding_id']}`, { method: 'DELETE', headers: admin });
  assert.match(await whole(events), /^: open/);
});
