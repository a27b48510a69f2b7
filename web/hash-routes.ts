/**
 * The addresses of KFP's own dashboard (`/#/runs/details/ID`), which kfp clients print, and ours. Facts about them:
 * frontend/src/components/Router.tsx of kubeflow/pipelines.
 */
const ROUTES: readonly (readonly [pattern: RegExp, path: string])[] = [
  [/^\/(start|)$/, '/'],
  [/^\/(?:shared\/)?pipelines$/, '/pipelines'],
  [/^\/(?:shared\/)?pipelines\/details\/([^/]+)\/version\/([^/]+)$/, '/pipelines/$1?version=$2'],
  [/^\/(?:shared\/)?pipelines\/details\/([^/]+)$/, '/pipelines/$1'],
  [/^\/pipeline_versions\/new$/, '/pipelines/new'],
  [/^\/experiments$/, '/experiments'],
  [/^\/experiments\/new$/, '/experiments?new=true'],
  [/^\/experiments\/details\/([^/]+)$/, '/experiments/$1'],
  [/^\/runs$/, '/runs'],
  [/^\/runs\/new$/, '/runs/new'],
  [/^\/runs\/details\/([^/]+)(?:\/execution\/[^/]+)?$/, '/runs/$1'],
  [/^\/recurringruns$/, '/recurring'],
  [/^\/recurringrun\/details\/([^/]+)$/, '/recurring/$1'],
  [/^\/archive\/runs$/, '/runs?archived=true'],
  [/^\/archive\/experiments$/, '/experiments?archived=true'],
  [/^\/compare$/, '/compare'],
  [/^\/artifacts$/, '/artifacts'],
  [/^\/artifacts\/([^/]+)$/, '/artifacts/$1'],
  [/^\/executions(?:\/[^/]+)?$/, '/runs'],
  [/^\/frontend_features$/, '/settings'],
];

/** Parameters that are called differently: those of the comparison and of a new run. */
const PARAMETERS: Readonly<Record<string, string>> = {
  runlist: 'runs',
  pipelineId: 'pipeline',
  pipelineVersionId: 'version',
  experimentId: 'experiment',
  cloneFromRun: 'clone',
  fromRunId: 'clone',
  recurringRunId: 'recurring',
};

/** Our address for the hash of KFP's, or undefined if it is none of theirs. */
export function pathOfHash(hash: string): string | undefined {
  if (!hash.startsWith('#/')) return undefined;
  const [path = '', search = ''] = hash.slice(1).split('?');
  const found = ROUTES.find(([pattern]) => pattern.test(path));
  if (!found) return undefined;
  const [target = '/', ownSearch = ''] = path.replace(...found).split('?');
  const parameters = new URLSearchParams(ownSearch);
  for (const [name, value] of new URLSearchParams(search)) {
    const ours = PARAMETERS[name];
    if (ours !== undefined && value !== '') parameters.set(ours, value);
  }
  return parameters.size === 0 ? target : `${target}?${parameters}`;
}

/** Before the router reads the address: an address of KFP's is replaced by ours, so that "back" does not return to it. */
export function redirectHashRoute(location: Pick<Location, 'hash'>, history: Pick<History, 'replaceState'>): void {
  const path = pathOfHash(location.hash);
  if (path !== undefined) history.replaceState(null, '', path);
}
