// The kfp SDK and command line 2.x, unmodified, against a real server. The cases are in python/kfp2_client_cases.py and kfp2_cli_cases.py.
import { test } from 'node:test';
import { compatServer } from './support/compat-server.ts';
import { kfpEnvironment } from './support/kfp-environment.ts';
import { runCases } from './support/run-cases.ts';

const environment = await kfpEnvironment('kfp2');

test('kfp 2.x', { skip: environment.kind === 'missing' && environment.reason }, async (context) => {
  if (environment.kind === 'missing') return;
  await using server = await compatServer();
  await runCases(context, 'kfp2.py', { environment, server });
});
