import { insertYamlScalar, replaceYamlScalars } from '../base/yaml-edit.ts';

const OF_VERSION_1 = ['implementation', 'container', 'image'];

/**
 * The same component file with another image; every other character stays. In a compiled file (IR) the executors that have the image
 * `from` get it. Undefined if the file has no place for an image, or cannot be read.
 */
export function withImage(text: string, { from, to }: { readonly from: string; readonly to: string }): string | undefined {
  try {
    let isThere = false;
    const changed = replaceYamlScalars(text, (path, value) => {
      if (!isOfVersion1(path) && !(isOfExecutor(path) && value === from)) return undefined;
      isThere = true;
      return to;
    });
    return isThere ? changed : insertYamlScalar(text, OF_VERSION_1.slice(0, -1), 'image', to);
  } catch {
    return undefined;
  }
}

/** The file without what a build writes into it. */
export function withoutImage(text: string): string {
  try {
    const changed = replaceYamlScalars(text, (path) => (isOfVersion1(path) || isOfExecutor(path) ? 'image' : undefined));
    return changed === text ? (insertYamlScalar(text, OF_VERSION_1.slice(0, -1), 'image', 'image') ?? text) : changed;
  } catch {
    return text;
  }
}

const isOfVersion1 = (path: readonly string[]): boolean => path.join('/') === OF_VERSION_1.join('/');

const isOfExecutor = (path: readonly string[]): boolean =>
  /^deploymentSpec\/executors\/[^/]+\/container\/image$/.test(path.join('/'));
