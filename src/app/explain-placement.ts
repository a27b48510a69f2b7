import { constraintsOf } from '../engine/admission-matching.ts';
import { planPipeline } from '../engine/plan-pipeline.ts';
import type { ContainerTemplate, Plan, Template } from '../engine/plan.ts';
import { writtenNeed } from '../engine/read-need.ts';
import { requestText } from '../engine/admission-words.ts';
import type { PipelineDocument } from '../ir/spec.ts';

export interface PlacementRow {
  readonly path: string;
  readonly image: string;
  /** Name of the executor, `run time` where the image is known only then, or `none` where nothing is run. */
  readonly executor: string;
  /** Completes "runs there because …". */
  readonly because: string;
  /** What it asks for: "2 CPU, 4 GiB; node with disk=ssd"; "" if nothing. */
  readonly asks: string;
}

interface ExplainedStep extends Pick<ContainerTemplate['container'], 'image' | 'command' | 'args'> {
  readonly path: string;
  readonly hasInitContainers: boolean;
}

/** `isFirm`: whatever the image. */
type Route = (step: ExplainedStep) => {
  readonly target: string;
  readonly because: string;
  readonly isFirm?: true;
};

/** Where each step of a pipeline will run and why; what depends on parameters is said to. */
export function explainPlacement(document: PipelineDocument, route: Route): readonly PlacementRow[] {
  const plan = planPipeline(document);
  const rows: PlacementRow[] = [];
  visit(plan, plan.root.name, '', (path, template) =>
    rows.push(template.kind === 'container' ? explain(path, template, route) : { path, ...IMPORT }),
  );
  return rows;
}

const IMPORT = { image: '', executor: 'none', because: 'it registers an artifact, which runs no program', asks: '' } as const;

type Leaf = Extract<Template, { readonly kind: 'container' | 'importer' }>;

/** `above`: the templates it is in; one that calls itself (Argo) is shown once. */
function visit(
  plan: Plan,
  name: string,
  path: string,
  see: (path: string, template: Leaf) => void,
  above: readonly string[] = [],
): void {
  const template = name === plan.root.name ? plan.root : plan.templates.get(name);
  if (template?.kind === 'container' || template?.kind === 'importer') see(path, template);
  if (template?.kind !== 'scope' || above.includes(name)) return;
  for (const task of template.tasks) visit(plan, task.template, `${path}/${task.key}`, see, [...above, name]);
}

function explain(path: string, template: ContainerTemplate, route: Route): PlacementRow {
  const { image, command, args } = template.container;
  const shared = { path, image, asks: asksFor(template) };
  const hasInitContainers = template.platform['initContainers'] !== undefined;
  const { target, because, isFirm } = route({ path, image, command, args, hasInitContainers });
  if (image.includes('{{$') && !isFirm) return { ...shared, executor: 'run time', because: 'its image comes from a parameter' };
  return { ...shared, executor: target, because };
}

function asksFor({ container, platform }: ContainerTemplate): string {
  const { resources } = container;
  const parts: string[] = [];
  if (resources !== undefined) {
    const need = writtenNeed(resources);
    if (need === undefined) parts.push('amounts that come from parameters');
    else parts.push('message' in need ? need.message : requestText(need.request));
  }
  const labels = (platform['nodeSelector'] as { labels?: Readonly<Record<string, string>> } | undefined)?.labels ?? {};
  const constraints = constraintsOf({ nodeSelector: labels, tolerations: [] });
  if (constraints)
    parts.push(
      `a node with ${Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(', ')}`,
    );
  else if (platform['nodeSelector'] !== undefined) parts.push('a node with labels that come from parameters');
  if (platform['nodeAffinity'] !== undefined) parts.push('a node by affinity');
  return parts.filter((part) => part !== '').join('; ');
}
