/** Which executor steps go to, as users decide it: options of a command, and `placement.yaml` in the data folder. */
import { ProductError, type Problem } from '../base/errors.ts';
import { isJsonObject, type JsonValue } from '../base/json.ts';
import { readYaml } from '../base/yaml.ts';

const TARGETS = ['process', 'docker'] as const;
type Target = (typeof TARGETS)[number];

/** In each list the first that matches counts. Patterns: `*` stands for any characters. */
export interface PlacementRules {
  readonly steps: readonly { readonly pattern: string; readonly target: Target }[];
  readonly images: readonly { readonly pattern: string; readonly target: Target }[];
}

export const RULES_FILE = 'placement.yaml';

/** `imagesOnHost`: patterns of images; `stepsOn`: texts such as `/train=docker`. Throws INVALID_USAGE. */
export function rulesFromOptions(options: {
  readonly imagesOnHost: readonly string[];
  readonly stepsOn: readonly string[];
}): PlacementRules {
  return {
    images: options.imagesOnHost.map((pattern) => {
      if (pattern.trim() === '') throw new ProductError('INVALID_USAGE', '--image-on-host names no image');
      return { pattern, target: 'process' };
    }),
    steps: options.stepsOn.map((text) => {
      const split = text.lastIndexOf('=');
      const target = TARGETS.find((candidate) => candidate === text.slice(split + 1));
      if (split < 1 || target === undefined)
        throw new ProductError('INVALID_USAGE', `"${text}" does not say where a step runs`, {
          hint: 'write --step-on /train=docker',
        });
      return { pattern: rooted(text.slice(0, split)), target };
    }),
  };
}

/** Maps `images` and `steps` from patterns to executors, and `imagesOnHost`, a list. Throws INVALID_USAGE with all mistakes. */
export function readRules(text: string, file: string): PlacementRules {
  const read = readYaml(text);
  if (read.kind === 'problem') throw unusable(file, [read.problem]);
  const document = read.documents[0];
  const value = document?.value ?? {};
  const problems: Problem[] = [];
  const add = (path: readonly (string | number)[], message: string, hint: string) => {
    const line = document?.lineOf(path);
    problems.push({ path: path.join('.') || file, message, hint, ...(line === undefined ? {} : { line }) });
  };
  if (!isJsonObject(value)) throw unusable(file, [{ path: file, message: 'it must be a map', hint: EXAMPLE }]);
  for (const key of Object.keys(value))
    if (!KEYS.includes(key)) add([key], `there is no "${key}"`, `there is ${KEYS.join(', ')}`);
  const choices = (key: 'images' | 'steps') => choicesOf(value[key], (path, message) => add([key, ...path], message, EXAMPLE));
  const onHost = value['imagesOnHost'] ?? [];
  const isList = Array.isArray(onHost) && onHost.every((pattern) => typeof pattern === 'string');
  if (!isList) add(['imagesOnHost'], 'this must be a list of images', EXAMPLE);
  const hosted = isList ? (onHost as readonly string[]).map((pattern) => ({ pattern, target: 'process' as const })) : [];
  const images = [...hosted, ...choices('images')];
  const steps = choices('steps').map(({ pattern, target }) => ({ pattern: rooted(pattern), target }));
  if (problems.length > 0) throw unusable(file, problems);
  return { images, steps };
}

/** The first rules come first. */
export function joinRules(...rules: readonly PlacementRules[]): PlacementRules {
  return { images: rules.flatMap(({ images }) => images), steps: rules.flatMap(({ steps }) => steps) };
}

const KEYS = ['imagesOnHost', 'images', 'steps'];
const EXAMPLE = 'steps: {/train: docker}, images: {"alpine*": process}, imagesOnHost: [busybox]';

function choicesOf(
  value: JsonValue | undefined,
  add: (path: readonly string[], message: string) => void,
): PlacementRules['images'] {
  if (value === undefined || value === null) return [];
  if (!isJsonObject(value)) {
    add([], `this must be a map from patterns to ${TARGETS.join(' or ')}`);
    return [];
  }
  return Object.entries(value).flatMap(([pattern, name]) => {
    const target = TARGETS.find((candidate) => candidate === name);
    if (target === undefined) add([pattern], `a step runs on ${TARGETS.join(' or ')}`);
    return target === undefined ? [] : [{ pattern, target }];
  });
}

/** Paths of tasks begin with a slash; that need not be written. */
function rooted(pattern: string): string {
  return pattern.startsWith('/') || pattern.startsWith('*') ? pattern : `/${pattern}`;
}

function unusable(file: string, problems: readonly Problem[]): ProductError {
  return new ProductError('INVALID_USAGE', `${file} cannot be used`, { problems });
}
