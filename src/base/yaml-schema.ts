/**
 * Which plain scalars are not strings: PyYAML's implicit types, because PyYAML writes most of the files we read. It differs from
 * YAML 1.2: `yes` and `off` are booleans, `0777` is octal, `1:30` is sexagesimal, and `1e3`, `0o17`, `y` and `NaN` are strings.
 */
import { defineScalarTag, FAILSAFE_SCHEMA, mergeTag, NOT_RESOLVED, type Schema } from 'js-yaml';

const INTEGER = /^[-+]?(?:0b[0-1_]+|0[0-7_]+|(?:0|[1-9][0-9_]*)|0x[0-9a-fA-F_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*)$/;
const TRUE = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const NULL = /^(?:~|null|Null|NULL|)$/;

const NUMBER_STARTS = '-+.0123456789'.split('');

const pyInteger = defineScalarTag<number>('tag:yaml.org,2002:int', {
  implicit: true,
  implicitFirstChars: NUMBER_STARTS,
  resolve: (source) => (INTEGER.test(source) ? readInteger(source) : NOT_RESOLVED),
  identify: (value) => Number.isInteger(value) && !String(value).includes('e') && !Object.is(value, -0),
});

const pyFloat = defineScalarTag<number>('tag:yaml.org,2002:float', {
  implicit: true,
  implicitFirstChars: NUMBER_STARTS,
  resolve: (source, isExplicit) =>
    FLOAT.test(source) || (isExplicit && INTEGER.test(source)) ? readFloat(source) : NOT_RESOLVED,
  identify: (value) => typeof value === 'number' && Number.isFinite(value),
  represent: (value: number) => floatText(value),
});

const pyBoolean = defineScalarTag<boolean>('tag:yaml.org,2002:bool', {
  implicit: true,
  implicitFirstChars: 'yYnNtTfFoO'.split(''),
  resolve: (source) => (TRUE.test(source) ? true : FALSE.test(source) ? false : NOT_RESOLVED),
  identify: (value) => typeof value === 'boolean',
});

const pyNull = defineScalarTag<null>('tag:yaml.org,2002:null', {
  implicit: true,
  implicitFirstChars: ['~', 'n', 'N', ''],
  resolve: (source) => (NULL.test(source) ? null : NOT_RESOLVED),
  identify: (value) => value === null,
  represent: () => 'null',
});

/** Reads as PyYAML does. Timestamps stay strings. */
export const PYYAML_SCHEMA: Schema = FAILSAFE_SCHEMA.withTags(pyNull, pyBoolean, pyInteger, pyFloat, mergeTag);

export const isPyYamlFloat = (source: string): boolean => FLOAT.test(source);

function readInteger(source: string): number {
  const digits = source.replaceAll('_', '').replace(/^[-+]/, '');
  const sign = source.startsWith('-') ? -1 : 1;
  if (digits.includes(':')) return sign * readSexagesimal(digits);
  if (/^0[0-7]+$/.test(digits)) return sign * Number.parseInt(digits, 8);
  return sign * Number(digits); // Number reads 0b and 0x.
}

function readFloat(source: string): number {
  const digits = source.replaceAll('_', '').replace(/^[-+]/, '');
  const sign = source.startsWith('-') ? -1 : 1;
  return sign * (digits.includes(':') ? readSexagesimal(digits) : Number(digits));
}

function readSexagesimal(digits: string): number {
  return digits.split(':').reduce((total, part) => total * 60 + Number(part), 0);
}

/** With a dot and a signed exponent, without which PyYAML takes the text for a string: 1e21 is written 1.0e+21. */
export function floatText(value: number): string {
  const text = Object.is(value, -0) ? '-0' : String(value);
  if (/\.\d/.test(text)) return text;
  return text.includes('e') ? text.replace('e', '.0e') : `${text}.0`;
}
