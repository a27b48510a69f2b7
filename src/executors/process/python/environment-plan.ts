/** Decides what a step's environment is made of. Pure: from the pip part of the command, the source and the host's interpreter. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../base/json.ts';
import type { Interpreter } from './interpreter.ts';
import { NO_PIP, type PipPlan } from './python-step.ts';

/** Commands for pip, in order; `kfp` tells the one that is for the runtime, whose failure the bundled runtime makes up for. */
export interface PackageInstall {
  readonly purpose: 'user' | 'kfp';
  readonly requirements: readonly string[];
  readonly noDeps: boolean;
}

export interface EnvironmentPlan {
  /** `host`: the host's interpreter with all it has. `own`: an isolated environment of just these packages. */
  readonly kind: 'host' | 'own';
  readonly installs: readonly PackageInstall[];
  readonly indexUrls: readonly string[];
  readonly extraIndexUrls: readonly string[];
  readonly trustedHosts: readonly string[];
}

/** What is asked for an environment: a recognised step, or a program with a pip part. */
export interface EnvironmentRequest {
  readonly pip: PipPlan;
  /** The component's source: what it imports decides whether kfp's dependencies can matter. */
  readonly source?: string | undefined;
}

/**
 * User packages first, the pinned kfp second. A command without a pip part relies on what its image has: the host's interpreter.
 * kfp 1.x, and kfp before 2.1 for components that import nothing but the standard library, kfp and their own packages, are not
 * installed: their runtimes load the whole SDK with dozens of packages, where the bundled runtime does the same work with none.
 * Such components of 2.1 and 2.2 get their kfp without dependencies.
 */
export function planEnvironment({ pip, source }: EnvironmentRequest, interpreter: Interpreter): EnvironmentPlan {
  const indexes = { indexUrls: pip.indexUrls, extraIndexUrls: pip.extraIndexUrls, trustedHosts: pip.trustedHosts };
  if (pip.requirements.length === 0 && pip.kfpRequirement === undefined) return { kind: 'host', installs: [], ...indexes };
  const installs: PackageInstall[] = [];
  if (pip.requirements.length > 0)
    installs.push({ purpose: 'user', requirements: pip.requirements, noDeps: pip.kfpRequirement === undefined && pip.kfpNoDeps });
  const kfp = planKfp(pip, source, interpreter);
  if (kfp) installs.push(kfp);
  return { kind: 'own', installs, ...indexes };
}

function planKfp(pip: PipPlan, source: string | undefined, interpreter: Interpreter): PackageInstall | undefined {
  if (pip.kfpRequirement === undefined) return undefined;
  const era = kfpEra(pip.kfpRequirement);
  const selfContained = source !== undefined && needsNoDependencies(source, pip.requirements, interpreter.standardModules);
  if (era === '1' || (era === '2.0' && selfContained)) return undefined;
  const noDeps = pip.kfpNoDeps || (selfContained && era === '2.1');
  return { purpose: 'kfp', requirements: [pip.kfpRequirement, ...pip.kfpCompanions], noDeps };
}

/** `2.1`: from there on the runtime imports the standard library only. Unpinned, URLs and paths count as new. */
function kfpEra(requirement: string): '1' | '2.0' | '2.1' {
  const version = /^kfp==v?(\d+)\.(\d+)/.exec(requirement);
  if (!version || Number(version[1]) > 2) return '2.1';
  return Number(version[1]) < 2 ? '1' : Number(version[2]) < 1 ? '2.0' : '2.1';
}

/** Whether every module the source imports is in the standard library, in kfp, or named like one of the user's packages. */
export function needsNoDependencies(
  source: string,
  requirements: readonly string[],
  standardModules: ReadonlySet<string>,
): boolean {
  if (standardModules.size === 0) return false;
  const own = new Set(requirements.map((requirement) => moduleName(/^[\w.-]*/.exec(requirement.trim())![0])));
  return importedModules(source).every(
    (module) => module === 'kfp' || standardModules.has(module) || own.has(moduleName(module)),
  );
}

function moduleName(name: string): string {
  return name.toLowerCase().replace(/[.-]/g, '_');
}

/** Top-level modules of the source's import statements, also of those inside functions. */
export function importedModules(source: string): readonly string[] {
  const modules = new Set<string>();
  for (const [, from, list] of source.matchAll(/^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import\b|import[ \t]+([^#;\n]+))/gm)) {
    for (const part of from === undefined ? list!.split(',') : [from]) {
      const module = /^\s*(\w+)/.exec(part)?.[1];
      if (module !== undefined) modules.add(module);
    }
  }
  return [...modules];
}

/** The plan that is left when kfp cannot be installed: the bundled runtime takes its place. */
export function withoutKfp(plan: EnvironmentPlan): EnvironmentPlan {
  return { ...plan, installs: plan.installs.filter((install) => install.purpose !== 'kfp') };
}

/** The user's requirements of a plan, in order. */
export function userRequirements(plan: EnvironmentPlan): readonly string[] {
  return plan.installs.filter((install) => install.purpose === 'user').flatMap((install) => install.requirements);
}

/** Equal for environments that would come out equal: same interpreter, packages in the same order, indexes and platform. */
export function environmentKey(plan: EnvironmentPlan, interpreter: Interpreter): string {
  const { path, version, platform } = interpreter;
  return createHash('sha256').update(canonicalJson({ plan, path, version, platform })).digest('hex');
}

export const HOST_PLAN: EnvironmentPlan = {
  kind: 'host',
  installs: [],
  indexUrls: NO_PIP.indexUrls,
  extraIndexUrls: NO_PIP.extraIndexUrls,
  trustedHosts: NO_PIP.trustedHosts,
};
