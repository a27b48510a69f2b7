/**
 * Where the expectation is not the reference run's, each with its reason. Entries are only allowed for a behaviour that was
 * decided (docs/decisions) or for a limit of the machine the reference was run on; a difference that is a mistake of ours has
 * no place here.
 */

/** The reference's environment could not run the step: its log says so, and the run is expected to succeed here. */
export const REFERENCE_LIMITS: readonly { readonly log: RegExp; readonly reason: string }[] = [
  {
    log: /secret key not found|secret\/configmap not found/,
    reason: 'the reference had no such secret; it is created here first',
  },
  { log: /no output name of createpvc/, reason: 'the reference had no volume operations' },
  { log: /failed mount system call/, reason: 'the reference could not mount an ephemeral volume' },
  { log: /No module named 'yapf'/, reason: 'the reference had no package index' },
  {
    log: /missing 1 required positional argument/,
    reason: 'the reference was run without the required arguments; they are given here',
  },
  { log: /\[\[: not found/, reason: 'needs a shell that knows [[, which is stated of this pipeline' },
];

/** Pipelines whose expectation is none of the above, by the end of their path. */
export const FILE_STATES: readonly { readonly file: string; readonly state: string; readonly reason: string }[] = [
  {
    file: 'v2/pipeline/lightweight_python_functions_v2_pipeline.json',
    state: 'FAILED',
    reason: 'one step carries the runtime of kfp 1.8.0 in its source, which knows remote pipeline roots only',
  },
];

/** Single tasks the reference could not finish, by what its log says of them. */
export const TASK_LIMITS: readonly { readonly log: RegExp; readonly reason: string }[] = [
  {
    log: /: no output \S+ of /,
    reason: 'a task that ignores failures before it starts here without what they did not write',
  },
];

/** States the reference has and we show under another name. */
export const STATE_NAMES: Readonly<Record<string, string>> = {
  // A task that was not started because something before it failed is SKIPPED, with the reason in its row.
  UPSTREAM_FAILED: 'SKIPPED',
  // A result from the cache is a success.
  CACHED: 'SUCCEEDED',
};
