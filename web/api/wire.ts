import type { EnumSchema, MessageSchema, Scalars, ScalarName, Schemas } from '../../src/api/message.ts';

/** A message as it is in JSON: times are RFC 3339 text, 64-bit numbers are text, zero values are absent. */
export type Wire<S extends Schemas, Name extends string> = S[Name] extends MessageSchema
  ? { readonly [Field in keyof S[Name]]?: WireField<S, S[Name][Field]> }
  : never;

export type WireField<S extends Schemas, Type extends string> = Type extends `${infer Item}[]`
  ? readonly WireField<S, Item>[]
  : Type extends `map<${infer Item}>`
    ? Readonly<Record<string, WireField<S, Item>>>
    : Type extends 'timestamp' | 'instant' | 'int64'
      ? string
      : Type extends ScalarName
        ? Scalars[Type]
        : S[Type] extends EnumSchema
          ? NonNullable<S[Type][number]>
          : Wire<S, Type>;
