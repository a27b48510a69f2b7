import type { SearchPlaces } from './component-locations.ts';
import type { Mirror } from './component-sources.ts';

/** Where the Python SDK's default store looks. Newer branches of that repository hold no components any more. */
export const PUBLIC_COMPONENTS = 'https://raw.githubusercontent.com/kubeflow/pipelines/';

/** The places of the Python SDK's `ComponentStore.default_store`. */
export const PUBLIC_PLACES: SearchPlaces = {
  localSearchPaths: ['.'],
  uriSearchTemplate: `${PUBLIC_COMPONENTS}{tag}/components/{name}/component.yaml`,
  urlSearchPrefixes: [`${PUBLIC_COMPONENTS}master/components/`],
};

/**
 * `COMPONENT_MIRROR` names a folder or URL that has the published components as `<tag>/components/…`, as a catalogue of this
 * platform does: it answers in the place of the public host, so that pipelines that name the latter work without it.
 */
export function environmentMirrors(environment: Readonly<Record<string, string | undefined>>): readonly Mirror[] {
  const target = environment['COMPONENT_MIRROR'];
  if (target === undefined || target === '') return [];
  return [{ prefix: PUBLIC_COMPONENTS, target: /^https?:/.test(target) ? target.replace(/\/*$/, '/') : target }];
}
