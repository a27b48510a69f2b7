/** Writing YAML that PyYAML (YAML 1.1) and readers of YAML 1.2 take for the same values. */
import { defineScalarTag, DUMP_SCHEMA, dump, NOT_RESOLVED, type Schema } from 'js-yaml';
import { floatText, isPyYamlFloat } from './yaml-schema.ts';

/** A number to be written as a double, `3.0`, where a plain one would be written as an integer, `3`. */
export class YamlDouble {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

export interface WriteYamlOptions {
  /** Sort the keys of every mapping. Default: false, the order they have. */
  readonly sortKeys?: boolean;
}

/**
 * Any JSON value, in block style, lists at the indentation of their key, lines not folded. A string that either version of YAML
 * would take for something else is quoted. Ends with a line feed.
 */
export function writeYaml(value: unknown, { sortKeys = false }: WriteYamlOptions = {}): string {
  return dump(value, { schema: WRITER_SCHEMA, noRefs: true, seqNoIndent: true, lineWidth: -1, sortKeys });
}

const CORE_FLOAT = /^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** Replaces the library's: both versions' forms are recognised, and what is written is one for both. */
const writerFloat = defineScalarTag<number>('tag:yaml.org,2002:float', {
  implicit: true,
  implicitFirstChars: null,
  resolve: (source) => (CORE_FLOAT.test(source) || isPyYamlFloat(source) ? 0 : NOT_RESOLVED),
  identify: (value) => value instanceof YamlDouble || (typeof value === 'number' && !isPlainInteger(value)),
  represent: (value: unknown) => floatText(value instanceof YamlDouble ? value.value : (value as number)),
});

/** PyYAML has a type for a lone equals sign, which no constructor of its takes. */
const equalsSign = defineScalarTag<string>('tag:yaml.org,2002:value', {
  implicit: true,
  implicitFirstChars: ['='],
  resolve: (source) => (source === '=' ? source : NOT_RESOLVED),
  identify: () => false,
});

const WRITER_SCHEMA: Schema = DUMP_SCHEMA.withTags(writerFloat, equalsSign);

function isPlainInteger(value: number): boolean {
  return Number.isInteger(value) && !Object.is(value, -0) && !String(value).includes('e');
}
