import { insertYamlScalar, replaceYamlScalars } from '../base/yaml-edit.ts';

const CONTAINER = ['implementation', 'container'];

/**
 * The same component file with another image; every other character stays. In a compiled file (IR) the executors that have the image
 * `from` get it. Undefined if the file has no place for an image, or cannot be read.
 */
export function withImage(text: string, { from, to }: { readonly from: string; readonly to: string }): string | undefined {
  return putImage(text, to, (path, value) => isOfVersion1(path) || (isOfExecutor(path) && value === from));
}

/** The file without what a build writes into it. */
export function withoutImage(text: string): string {
  return putImage(text, 'image', (path) => isOfVersion1(path) || isOfExecutor(path)) ?? text;
}

/** Where it is meant to be, else into the container that has none. */
function putImage(
  text: string,
  image: string,
  isMeant: (path: readonly string[], value: string | undefined) => boolean,
): string | undefined {
  try {
    let isThere = false;
    const changed = replaceYamlScalars(text, (path, value) => {
      if (!isMeant(path, value)) return undefined;
      isThere = true;
      return image;
    });
    return isThere ? changed : insertYamlScalar(text, CONTAINER, 'image', image);
  } catch {
    return undefined;
  }
}

const isOfVersion1 = (path: readonly string[]): boolean => path.join('/') === 'implementation/container/image';

const isOfExecutor = (path: readonly string[]): boolean =>
  /^deploymentSpec\/executors\/[^/]+\/container\/image$/.test(path.join('/'));
