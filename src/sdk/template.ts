import type { Channel } from './channel.ts';

/** A text with values in it that are known when the pipeline runs. */
export class Template {
  /** Texts and channels in turn. */
  readonly parts: readonly (string | Channel<unknown>)[];

  constructor(parts: readonly (string | Channel<unknown>)[]) {
    this.parts = parts;
  }
}

/** Mixes text and channels: `` text`gs://bucket/${name}/data` ``. */
export function text(
  strings: TemplateStringsArray,
  ...values: readonly (Channel<unknown> | Template | string | number | boolean)[]
): Template {
  const parts = strings.flatMap((piece, index) => {
    const value = index < values.length ? values[index]! : '';
    if (value instanceof Template) return [piece, ...value.parts];
    return typeof value === 'object' ? [piece, value] : [piece, String(value)];
  });
  return new Template(parts.filter((part) => part !== ''));
}
