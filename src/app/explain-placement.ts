import { constraintsOf } from '../engine/admission-matching.ts';
import { planPipeline } from '../engine/plan-pipeline.ts';
import type { ContainerTemplate, Plan } from '../engine/plan.ts';
import { readNeed } from '../engine/resources.ts';
import { requestText } from '../engine/admission-words.ts';
import type { PipelineDocument } from '../ir/spec.ts';

export interface PlacementRow {
  readonly path: string;
  readonly image: string;
  /** Name of the executor, or `run time` where the image is known only then. */
  readonly executor: string;
  /** Completes "runs there because …". */
  readonly because: string;
  /** What it asks for: "2 CPU, 4 GiB; node with disk=ssd"; "" if nothing. */
  readonly asks: string;
}

type Route = (step: { readonly path: string } & Pick<ContainerTemplate['container'], 'image' | 'command' | 'args'>) => {
  readonly target: string;
  readonly because: string;
};

/** Where each step of a pipeline will run and why; what depends on parameters is said to. */
export function explainPlacement(document: PipelineDocument, route: Route): readonly PlacementRow[] {
  const plan = planPipeline(document);
  const rows: PlacementRow[] = [];
  visit(plan, plan.root.name, '', (path, template) => rows.push(explain(path, template, route)));
  return rows;
}

function visit(plan: Plan, name: string, path: string, see: (path: string, template: ContainerTemplate) => void): void {
  const template = name === plan.root.name ? plan.root : plan.templates.get(name);
  if (template?.kind === 'container') see(path, template);
  if (template?.kind !== 'scope') return;
  for (const task of template.tasks) visit(plan, task.template, `${path}/${task.key}`, see);
}

function explain(path: string, template: ContainerTemplate, route: Route): PlacementRow {
  const { image, command, args } = template.container;
  const shared = { path, image, asks: asksFor(template) };
  if (image.includes('{{$')) return { ...shared, executor: 'run time', because: 'its image comes from a parameter' };
  const { target, because } = route({ path, image, command, args });
  return { ...shared, executor: target, because };
}

function asksFor({ container, platform }: ContainerTemplate): string {
  const { resources } = container;
  const parts: string[] = [];
  if (resources !== undefined) {
    const dynamic = JSON.stringify(resources).includes('{{$');
    const need = dynamic ? undefined : readNeed(resources, (text) => text.trim());
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
