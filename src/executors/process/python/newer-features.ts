/** Parts of the kfp runtime that came later than 2.5, as they show in a component's source. */
const FEATURES: readonly { readonly name: string; readonly since: readonly [number, number]; readonly pattern: RegExp }[] = [
  { name: 'Artifact.set_path', since: [2, 15], pattern: /\.set_path\(/ },
  { name: 'dsl.TaskConfig', since: [2, 15], pattern: /\bTaskConfig\b/ },
  { name: 'dsl.EmbeddedInput', since: [2, 15], pattern: /\bEmbeddedInput\b/ },
  { name: 'dsl.run_notebook', since: [2, 15], pattern: /\brun_notebook\(/ },
];

/**
 * The first feature a component uses that its pinned kfp (`2.14.6`) does not have: it was written with a newer SDK than it asks for,
 * and could never work with what it asks for. Undefined for most components, and for versions that cannot be read.
 */
export function newerFeature(source: string, version: string): { readonly name: string; readonly since: string } | undefined {
  const [major, minor] = version.split('.').map(Number);
  if (!Number.isInteger(major) || !Number.isInteger(minor)) return undefined;
  const found = FEATURES.find(
    ({ since, pattern }) => (major! < since[0] || (major === since[0] && minor! < since[1])) && pattern.test(source),
  );
  return found && { name: found.name, since: found.since.join('.') };
}
