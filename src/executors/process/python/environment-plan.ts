/** Decides what a step's environment is made of. Pure: from the pip part of the command, the source and the host's interpreter. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../base/json.ts';
import type { Interpreter } from './interpreter.ts';
import { newerFeature } from './newer-features.ts';
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
  /** The runtime's main module: given for components of kfp, absent for other programs, which get their packages exactly as written. */
  readonly module?: string;
  /** The component's source, or the program's words: what it imports decides whether kfp or its dependencies can matter. */
  readonly source?: string | undefined;
}

/**
 * User packages first, the pinned kfp second. A command without a pip part relies on what its image has: the host's interpreter.
 * kfp before 2.5 is not used as a runtime (see `canRunLocally`) and so not installed, unless the component may need one of the
 * dozens of packages that come with it: the commands of kfp 2.0 to 2.2 install those, and its source imports something unknown.
 */
export function planEnvironment(request: EnvironmentRequest, interpreter: Interpreter): EnvironmentPlan {
  const { pip } = request;
  const indexes = { indexUrls: pip.indexUrls, extraIndexUrls: pip.extraIndexUrls, trustedHosts: pip.trustedHosts };
  if (pip.requirements.length === 0 && pip.kfpRequirement === undefined) return { kind: 'host', installs: [], ...indexes };
  const installs: PackageInstall[] = [];
  if (pip.requirements.length > 0)
    installs.push({ purpose: 'user', requirements: pip.requirements, noDeps: pip.kfpRequirement === undefined && pip.kfpNoDeps });
  const kfp = planKfp(request, interpreter);
  if (kfp) installs.push(kfp);
  return { kind: 'own', installs, ...indexes };
}

/** Undefined where the bundled runtime does the work of the kfp that is asked for: it is too old for us, or for the component itself. */
function planKfp({ pip, module, source }: EnvironmentRequest, interpreter: Interpreter): PackageInstall | undefined {
  if (pip.kfpRequirement === undefined) return undefined;
  const version = /^kfp==v?(\d+\.\d+)/.exec(pip.kfpRequirement)?.[1];
  if (module !== undefined && version !== undefined && !canRunLocally(version)) {
    const dependenciesMatter =
      !pip.kfpNoDeps && version.startsWith('2.') && !isSelfContained(source ?? '', pip.requirements, interpreter);
    if (!dependenciesMatter) return undefined;
  }
  // Generated programs of kfp 1.x ask for it without using it, and it cannot be installed on today's Python.
  const isUnused =
    source !== undefined && !importedModules(source).includes('kfp') && isSelfContained(source, pip.requirements, interpreter);
  if (module === undefined && version?.startsWith('1.') && isUnused) return undefined;
  if (module !== undefined && version !== undefined && newerFeature(source ?? '', version)) return undefined;
  return {
    purpose: module === undefined ? 'user' : 'kfp',
    requirements: [pip.kfpRequirement, ...pip.kfpCompanions],
    noDeps: pip.kfpNoDeps,
  };
}

/**
 * Whether this version of kfp (`2.12.0`) can be the runtime of a step whose artifacts are local files. Before 2.5, `Artifact.path` is
 * None for a plain path; before 2.1, the runtime also loads the whole SDK.
 */
export function canRunLocally(version: string): boolean {
  const [major, minor] = version.split('.').map(Number);
  return major! > 2 || (major === 2 && minor! >= 5);
}

/** Whether every module the source imports is in the standard library, in kfp, or named like one of the user's packages. */
export function isSelfContained(
  source: string,
  requirements: readonly string[],
  { standardModules }: Pick<Interpreter, 'standardModules'>,
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
