import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EnvironmentPlan } from './environment-plan.ts';
import { createCommand, installCommand, installerEnv, NO_PIP_SETTINGS, readPipSettings } from './installer.ts';
import type { Interpreter } from './interpreter.ts';

const PYTHON = { path: '/py', version: '3.11.7', platform: 'p', kfp: undefined, standardModules: new Set<string>() };
const NEW_PIP: Interpreter = { ...PYTHON, pip: [22, 3], uv: undefined };
const OLD_PIP: Interpreter = { ...PYTHON, pip: [22, 2], uv: undefined };
const UV: Interpreter = { ...PYTHON, pip: [23, 0], uv: '/uv' };
const INSTALL = { purpose: 'kfp', requirements: ['kfp==2.12.0'], noDeps: true } as const;
const PLAN: EnvironmentPlan = {
  kind: 'own',
  installs: [INSTALL],
  indexUrls: ['https://i'],
  extraIndexUrls: ['https://e'],
  trustedHosts: ['https://h/simple'],
};

test('the host’s pip installs into an environment without pip; a pip too old for that gets an environment of its own', () => {
  assert.deepEqual(createCommand(NEW_PIP, '/env'), ['/py', '-m', 'venv', '--without-pip', '/env']);
  assert.deepEqual(createCommand(OLD_PIP, '/env'), ['/py', '-m', 'venv', '/env']);
  assert.deepEqual(installCommand(NEW_PIP, '/env', INSTALL, PLAN, NO_PIP_SETTINGS).slice(0, 5), [
    '/py',
    '-m',
    'pip',
    '--python',
    '/env/bin/python3',
  ]);
  assert.deepEqual(installCommand(OLD_PIP, '/env', INSTALL, PLAN, NO_PIP_SETTINGS).slice(0, 3), [
    '/env/bin/python3',
    '-m',
    'pip',
  ]);
});

test('pip gets the indexes of the step', () => {
  const command = installCommand(NEW_PIP, '/env', INSTALL, PLAN, NO_PIP_SETTINGS).join(' ');
  assert.match(
    command,
    /--index-url https:\/\/i --extra-index-url https:\/\/e --trusted-host https:\/\/h\/simple --no-deps kfp==2\.12\.0$/,
  );
});

test('uv gets the indexes of the step and of pip’s settings, and chooses among them as pip does', () => {
  const settings = { ...NO_PIP_SETTINGS, indexUrl: 'https://ignored', extraIndexUrls: ['https://mine'], findLinks: ['/wheels'] };
  const command = installCommand(UV, '/env', INSTALL, PLAN, settings).join(' ');
  const indexes = '--default-index https://i --index https://mine --index https://e --index-strategy unsafe-best-match';
  assert.equal(
    command,
    `/uv pip install --python /env/bin/python3 ${indexes} --allow-insecure-host h --find-links /wheels --no-deps kfp==2.12.0`,
  );
});

test('pip’s settings are read from its listing; variables win over files', () => {
  const listing =
    "global.index-url='https://file'\nglobal.extra-index-url='\\nhttps://a\\nhttps://b'\n:env:.index-url='https://env'\n:env:.cert='/ca.pem'\n";
  assert.deepEqual(readPipSettings(listing), {
    extraIndexUrls: ['https://a', 'https://b'],
    trustedHosts: [],
    findLinks: [],
    indexUrl: 'https://env',
    certificates: '/ca.pem',
  });
});

test('variables that would send packages elsewhere do not reach the installer', () => {
  const env = installerEnv(
    { PIP_TARGET: '/t', PIP_USER: '1', PYTHONPATH: '/p', PIP_INDEX_URL: 'https://i', HOME: '/h' },
    NO_PIP_SETTINGS,
  );
  assert.deepEqual(env, { PIP_INDEX_URL: 'https://i', HOME: '/h', PIP_USER: '0', PIP_RETRIES: '1', UV_HTTP_RETRIES: '1' });
});
