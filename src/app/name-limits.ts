import { ProductError } from '../base/errors.ts';
import type { PipelineDocument } from '../ir/spec.ts';

/** Lengths the columns of the reference server have; clients know them. */
const MAX_LENGTH = {
  'Experiment.Name': 128,
  'Pipeline.Name': 128,
  'PipelineVersion.Name': 127,
  'Run.DisplayName': 256,
  'RecurringRun.DisplayName': 256,
} as const;
const MAX_TAGS = 20;
const MAX_TAG_LENGTH = 63;
const MAX_DESCRIPTION = 65_535;

/** Throws INVALID_ARGUMENTS when a name is empty or too long. */
export function checkName(field: keyof typeof MAX_LENGTH, name: string): void {
  if (name.trim() === '') throw new ProductError('INVALID_ARGUMENTS', `${field.split('.')[0]} name cannot be empty`);
  if (name.length > MAX_LENGTH[field]) {
    throw new ProductError('INVALID_ARGUMENTS', `${field} length cannot exceed ${MAX_LENGTH[field]}`);
  }
}

export function checkDescription(description: string): void {
  if (description.length > MAX_DESCRIPTION) {
    throw new ProductError('INVALID_ARGUMENTS', `Description length cannot exceed ${MAX_DESCRIPTION}`);
  }
}

/** What the reference server takes as the name in a pipeline spec: Kubernetes objects are called by it. */
const PIPELINE_NAME = /^[a-z0-9][a-z0-9-]{0,127}$/;

/** Throws INVALID_PIPELINE for a name in a spec that a cluster could not use. */
export function checkSpecName({ spec }: PipelineDocument): void {
  const { name } = spec.pipelineInfo;
  if (PIPELINE_NAME.test(name)) return;
  const message = `the pipeline's name ${JSON.stringify(name)} must contain only lower case letters, digits and "-", start with a letter or digit, and have at most 128 characters`;
  throw new ProductError('INVALID_PIPELINE', message, { hint: 'give pipelineInfo.name another name and compile again' });
}

/** Throws INVALID_ARGUMENTS for tags that a filter could not name. */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  const refuse = (message: string) => {
    throw new ProductError('INVALID_ARGUMENTS', message);
  };
  const entries = Object.entries(tags);
  if (entries.length > MAX_TAGS) refuse(`there are ${entries.length} tags; at most ${MAX_TAGS} are allowed`);
  for (const [key, value] of entries) {
    if (key === '') refuse('a tag key cannot be empty');
    if (key.includes('.')) refuse(`the tag key ${JSON.stringify(key)} must not contain "."`);
    for (const text of [key, value]) {
      if (Array.from(text).length > MAX_TAG_LENGTH)
        refuse(`the tag ${JSON.stringify(key)} is longer than ${MAX_TAG_LENGTH} characters`);
    }
  }
}
