// The kfp SDK and command line 1.8, unmodified, against a real server. The cases are in python/kfp1_client_cases.py and kfp1_cli_cases.py.
import { test } from 'node:test';
import { compatServer } from './support/compat-server.ts';
import { kfpEnvironment } from './support/kfp-environment.ts';
import { runCases } from './support/run-cases.ts';
import { writeGreeting } from './support/write-greeting.ts';

const environment = await kfpEnvironment('kfp1');

test('kfp 1.8', { skip: environment.kind === 'missing' && environment.reason }, async (context) => {
  if (environment.kind === 'missing') return;
  await using server = await compatServer();
  await writeGreeting(server.folder);
  await runCases(context, 'kfp1.py', { environment, server });
});
