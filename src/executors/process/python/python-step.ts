/** A step that runs a Python component or a Python program with packages, as data: what the recognisers find in an argv. */

/** What the pip part of a command installs. Empty lists and no kfp: the command has no pip part. */
export interface PipPlan {
  /** The user's requirements in the order they are installed, before kfp. */
  readonly requirements: readonly string[];
  /** The requirement that provides the kfp runtime (`kfp==2.12.0`, a path or an URL). */
  readonly kfpRequirement?: string;
  /** Whether kfp is installed without its dependencies. Default in the commands of SDK 2.0 to 2.2: with them. */
  readonly kfpNoDeps: boolean;
  /** Requirements installed together with kfp (`typing-extensions…`). */
  readonly kfpCompanions: readonly string[];
  /** `--index-url`, at most one. */
  readonly indexUrls: readonly string[];
  readonly extraIndexUrls: readonly string[];
  readonly trustedHosts: readonly string[];
}

export interface PythonStep {
  /** The component's module; undefined for a containerized component, whose code is found through kfp_config.ini in the working folder. */
  readonly source: string | undefined;
  readonly functionName: string;
  /** ExecutorInput as JSON text. */
  readonly executorInput: string;
  /** The runtime's main module: `kfp.dsl.executor_main`, or its older names. */
  readonly module: string;
  readonly pip: PipPlan;
  /** The component asked for a virtual environment of its own on top of the system's packages. */
  readonly useVenv: boolean;
  /** Arguments the runtime ignores. */
  readonly extraArgs: readonly string[];
}

/** Any program whose command begins with a pip part (kfp 1.x components): `argv` runs in an environment made from `pip`. */
export interface PipProgram {
  readonly pip: PipPlan;
  readonly argv: readonly string[];
}

export const NO_PIP: PipPlan = {
  requirements: [],
  kfpNoDeps: false,
  kfpCompanions: [],
  indexUrls: [],
  extraIndexUrls: [],
  trustedHosts: [],
};
