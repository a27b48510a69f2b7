/** Says where steps would run, and whether what was chosen for them can be meant: part of start.ts, in a file of its own. */
import { explainPlacement, type PlacementRow } from './app/explain-placement.ts';
import type { PlacementRules } from './app/placement-rules.ts';
import { ProductError } from './base/errors.ts';
import type { Route, RoutedStep } from './executors/auto/route-step.ts';
import type { PipelineDocument } from './ir/spec.ts';
import { type ExecutorOptions, placementRules } from './start-executor.ts';

/** Where each step would run, and why. Nothing is started; Docker is asked whether it is there if a step needs it. */
export async function explainSteps(
  document: PipelineDocument,
  { executor = 'process', rules, dataDir }: Pick<ExecutorOptions, 'executor' | 'rules'> & { readonly dataDir: string },
): Promise<readonly PlacementRow[]> {
  const because = `all steps do, with --executor ${executor}`;
  if (executor !== 'auto') return explainPlacement(document, () => ({ target: executor, because }));
  const { isForStep, routeStep, withoutIterations } = await import('./executors/auto/route-step.ts');
  const chosen = placementRules(dataDir, rules);
  const needsDocker = explainPlacement(document, (step) => routeStep(step, chosen)).some((row) => row.executor !== 'process');
  const whyNoDocker = needsDocker ? await askDocker() : undefined;
  const route = (step: RoutedStep) => routeWithout(whyNoDocker, routeStep(step, chosen));
  const iterations = chosen.steps.filter(({ pattern }) => pattern !== withoutIterations(pattern));
  return explainPlacement(document, route).flatMap((row) => [
    row,
    // What is said about single iterations, which the pipeline alone does not have.
    ...iterations
      .filter(({ pattern }) => row.executor !== 'none' && isForStep(withoutIterations(pattern), row.path))
      .map(({ pattern, target }) => ({
        ...row,
        path: pattern,
        executor: target,
        because: `it was chosen for the step (${pattern})`,
      })),
  ]);
}

/** As the executor does it: what the rule alone sends to Docker runs as a process where there is none; what was chosen fails. */
function routeWithout(whyNoDocker: string | undefined, route: Route): Route {
  if (whyNoDocker === undefined || route.target === 'process') return route;
  if (route.isFirm) return { ...route, because: `${route.because}; it will fail: ${whyNoDocker}` };
  return { target: 'process', because: `without its image: ${whyNoDocker}` };
}

/** Why Docker cannot be used; undefined if it can. */
async function askDocker(): Promise<string | undefined> {
  const [{ openDockerApi }, { dockerAvailability }, { findDocker }] = await Promise.all([
    import('./docker/docker-api.ts'),
    import('./docker/docker-info.ts'),
    import('./docker/find-docker.ts'),
  ]);
  const api = openDockerApi(findDocker(process.env));
  try {
    const docker = await dockerAvailability(api);
    return docker.kind === 'missing' ? docker.reason : undefined;
  } finally {
    api.close();
  }
}

/** Throws INVALID_USAGE for rules of the command line that are about none of the pipeline's steps: they are misspelt. */
export async function checkRules(document: PipelineDocument, { steps, images }: PlacementRules): Promise<void> {
  if (steps.length === 0 && images.length === 0) return;
  const { isForStep, matches, withoutIterations } = await import('./executors/auto/route-step.ts');
  const rows = explainPlacement(document, () => ({ target: '', because: '', isFirm: true })).filter(
    ({ executor }) => executor !== 'none',
  );
  const problems = steps
    .filter(({ pattern }) => !rows.some(({ path }) => isForStep(withoutIterations(pattern), path)))
    .map(({ pattern }) => ({ path: `--step-on ${pattern}`, message: 'there is no such step', hint: pathsHint(rows, pattern) }));
  const known = [...new Set(rows.map(({ image }) => image))];
  // An image that comes from a parameter may be any.
  const canTell = !known.some((image) => image.includes('{{$'));
  const unused = images.filter(({ pattern }) => canTell && !known.some((image) => matches(pattern, image)));
  const hint = `there are ${known.slice(0, MAX_NAMED).join(', ')}`;
  for (const { pattern } of unused)
    problems.push({ path: `--image-on-host ${pattern}`, message: 'no step has such an image', hint });
  if (problems.length > 0)
    throw new ProductError('INVALID_USAGE', 'the command line names what this pipeline does not have', { problems });
}

const MAX_NAMED = 8;

function pathsHint(rows: readonly PlacementRow[], pattern: string): string {
  if (rows.some(({ path }) => path.startsWith(`${pattern}/`))) return `for all steps in it, write ${pattern}/*`;
  return `there are ${rows
    .slice(0, MAX_NAMED)
    .map(({ path }) => path)
    .join(', ')}${rows.length > MAX_NAMED ? ' …; --explain names all' : ''}`;
}
