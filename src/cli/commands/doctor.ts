import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ProductError } from '../../base/errors.ts';
import { pythonWithKfp } from '../compile-python.ts';
import { EXIT, writeJson } from '../command-error.ts';
import { printLines } from '../server/print-objects.ts';
import { openSession, type ServerOptions, type Session } from '../server/session.ts';
import { styleFor } from '../style.ts';

interface Finding {
  readonly what: string;
  /** `absent` is no fault: something that only some need. */
  readonly state: 'ok' | 'absent' | 'fault';
  readonly found: string;
}

const PROGRAM_TIMEOUT_MS = 30_000;

/** `pipewright doctor`: what this machine has, and whether the server answers. Ends with 1 if something is wrong. */
export async function doctor(options: ServerOptions): Promise<number> {
  const session = openSession(options);
  const findings = [
    { what: 'node', state: 'ok', found: process.version } as const,
    ...(await Promise.all([
      program('python3', ['--version'], 'needed for Python steps'),
      kfpSdk(),
      program('uv', ['--version'], 'builds Python environments faster than pip'),
      program('docker', ['--version'], 'needed for steps in containers'),
      server(session),
      whoAmI(session),
    ])),
  ];
  if (session.output === 'json') writeJson(findings);
  else printLines(findings.map(line));
  return findings.some(({ state }) => state === 'fault') ? EXIT.runFailed : EXIT.ok;
}

function line({ what, state, found }: Finding): string {
  const style = styleFor(process.stdout, process.env);
  const mark = { ok: style.good('✓'), absent: style.dim('–'), fault: style.bad('✗') }[state];
  return `${mark} ${what.padEnd(8)} ${found}`;
}

async function program(name: string, args: readonly string[], use: string, what = name): Promise<Finding> {
  try {
    const { stdout, stderr } = await promisify(execFile)(name, [...args], { timeout: PROGRAM_TIMEOUT_MS });
    return { what, state: 'ok', found: (stdout || stderr).trim() };
  } catch {
    return { what, state: 'absent', found: `not found; ${use}` };
  }
}

/** The SDK that Python pipelines are compiled with, found as a compilation finds it. */
async function kfpSdk(): Promise<Finding> {
  const python = await pythonWithKfp().catch(() => undefined);
  if (python === undefined) return { what: 'kfp', state: 'absent', found: 'not found; needed to compile Python pipelines' };
  return program(python, ['-c', 'import importlib.metadata as m; print(m.version("kfp"))'], '', 'kfp');
}

async function server({ kfp, own, connection }: Session): Promise<Finding> {
  try {
    await kfp.open('HealthzService_GetHealthz', {});
    const system = await own.call('System_Get', {}).catch((error: unknown) => {
      // It answers, but not to us, or it is another Kubeflow Pipelines.
      if (error instanceof ProductError) return undefined;
      throw error;
    });
    const more = system ? `pipewright ${system.version ?? ''}, steps run by ${system.executor ?? ''}` : 'Kubeflow Pipelines API';
    return { what: 'server', state: 'ok', found: `${connection.endpoint}: ${more}` };
  } catch (error) {
    if (!(error instanceof ProductError)) throw error;
    return { what: 'server', state: 'fault', found: `${error.message}. ${error.hint ?? ''}` };
  }
}

async function whoAmI({ kfp, connection }: Session): Promise<Finding> {
  try {
    await kfp.call('RunService_ListRuns', { query: { page_size: 1, namespace: connection.namespace } });
    return { what: 'access', state: 'ok', found: connection.token === undefined ? 'no login needed' : 'the token is accepted' };
  } catch (error) {
    if (!(error instanceof ProductError)) throw error;
    const state = error.code === 'UNAVAILABLE' ? 'absent' : 'fault';
    return { what: 'access', state, found: state === 'absent' ? 'not known' : `${error.message}. ${error.hint ?? ''}` };
  }
}
