import type { BuildOptions, BuildPlan, Sources } from './build-plan.ts';
import { keepsDockerfile } from './build-plan.ts';
import { planCustom } from './plan-custom-build.ts';
import { componentsIn, planPython } from './plan-python-build.ts';

/**
 * What `component build` writes for a source folder. Folders with Python functions decorated `@dsl.component` get what the 2.x
 * SDK writes (Dockerfile, requirements, kfp_config.ini, a compiled component for each function) without running any of it; a
 * folder with a component.yaml of its own gets a Dockerfile that fits its sources, if it has none; a Dockerfile alone needs a name
 * for its image. Pure: texts in, texts out.
 */
export function planBuild(sources: Sources, options: BuildOptions = {}): BuildPlan {
  const found = Object.entries(sources)
    .filter(([path]) => path.endsWith('.py'))
    .flatMap(([path, text]) => componentsIn(path, text));
  if (found.length > 0) return planPython(sources, found, options);
  if (sources['component.yaml'] !== undefined) return planCustom(sources, sources['component.yaml'], options);
  if (keepsDockerfile(sources, options)) return planImage(options);
  const hint = 'decorate a Python function with @dsl.component(base_image=…, target_image=…), or write a component.yaml';
  return { files: {}, components: [], problems: [{ path: '.', message: 'the folder has no component', hint }] };
}

/** An image others are built on, or whose component is described elsewhere. */
function planImage({ image, otherwiseImage }: BuildOptions): BuildPlan {
  const name = image ?? otherwiseImage;
  if (name !== undefined) return { files: {}, image: name, components: [], problems: [] };
  const hint = 'name it with --image or --push, or write a component.yaml';
  return { files: {}, components: [], problems: [{ path: 'Dockerfile', message: 'its image has no name', hint }] };
}
