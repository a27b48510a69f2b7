/** Handles for values that exist only when the pipeline runs. They are passed to tasks, compared and put into texts. */
import type { JsonValue } from '../base/json.ts';
import { Place } from './call-site.ts';
import type { ChannelRef } from './channel-ref.ts';
import { Condition } from './condition.ts';
import { portTypeText, type PortType } from './port-types.ts';
import { reportProblem } from './trace.ts';
import type { Template } from './template.ts';

type Comparable<T> = T extends string | number | boolean ? T | Channel<T> | Channel<Widened<T>> : never;
type Widened<T> = T extends string ? string : T extends number ? number : T extends boolean ? boolean : T;

/** A parameter: a number, a text, a truth value, a list or a dict. */
export class Channel<T> {
  readonly ref: ChannelRef;
  /** Only for the type checker. */
  declare readonly valueType: T;

  constructor(ref: ChannelRef) {
    this.ref = ref;
  }

  equals(other: Comparable<T>): Condition {
    return this.#compare('==', other);
  }
  notEquals(other: Comparable<T>): Condition {
    return this.#compare('!=', other);
  }
  greaterThan(other: Comparable<T>): Condition {
    return this.#compare('>', other);
  }
  atLeast(other: Comparable<T>): Condition {
    return this.#compare('>=', other);
  }
  lessThan(other: Comparable<T>): Condition {
    return this.#compare('<', other);
  }
  atMost(other: Comparable<T>): Condition {
    return this.#compare('<=', other);
  }

  /** A field of a loop item that is a dict. */
  get<Key extends string & keyof T>(key: Key): Channel<T[Key]> {
    const { ref } = this;
    if (ref.kind !== 'item') {
      const hint = 'loop over a list of dicts, or give the dict to a component that returns the field';
      reportProblem(new Place(), `the field "${key}" can only be taken from the item of a loop`, hint);
    }
    return new Channel({ kind: 'field', of: ref, key, type: fieldType(ref, key) });
  }

  /** A text would show something else than the value: `text` takes channels. */
  toString(): string {
    reportProblem(new Place(), 'a value that is not there yet was put into a text', 'use the tag: text`epoch ${epoch}`');
    return '';
  }

  #compare(operator: '==' | '!=' | '>' | '>=' | '<' | '<=', other: unknown): Condition {
    const right =
      other instanceof Channel
        ? { kind: 'channel' as const, ref: other.ref }
        : { kind: 'value' as const, value: other as JsonValue };
    return new Condition({ kind: 'compare', operator, left: { kind: 'channel', ref: this.ref }, right, place: new Place() });
  }
}

/** An artifact a task wrote, or one given to the pipeline. */
export class ArtifactChannel<Title extends string> {
  readonly ref: ChannelRef;
  declare readonly title: Title;

  constructor(ref: ChannelRef) {
    this.ref = ref;
  }

  toString(): string {
    const hint = 'give the artifact to a component as an input and use its path or uri there';
    reportProblem(new Place(), `an artifact (${portTypeText(this.ref.type)}) was put into a text`, hint);
    return '';
  }
}

/** Several artifacts of one type, from a loop or a list input. */
export class ArtifactListChannel<Title extends string> {
  readonly ref: ChannelRef;
  declare readonly elementTitle: Title;

  constructor(ref: ChannelRef) {
    this.ref = ref;
  }
}

export type AnyChannel = Channel<unknown> | ArtifactChannel<string> | ArtifactListChannel<string>;

export function isChannel(value: unknown): value is AnyChannel {
  return value instanceof Channel || value instanceof ArtifactChannel || value instanceof ArtifactListChannel;
}

/** The handle of the right class for a value. */
export function channelOf(ref: ChannelRef): AnyChannel {
  if (ref.type.kind === 'parameter') return new Channel(ref);
  return ref.type.isList ? new ArtifactListChannel(ref) : new ArtifactChannel(ref);
}

/** A constant, or a channel, or a constant with channels in it. */
export type Argument<T> = Channel<T> | Constant<T>;
export type Constant<T> = T extends string
  ? T | (string extends T ? Template : never)
  : T extends number | boolean | null
    ? T
    : T extends readonly (infer Element)[]
      ? readonly (Element | Embedded)[]
      : T | { readonly [Key in keyof T]: T[Key] | Embedded };
/** What may stand inside a list or dict that is given to a task. */
export type Embedded = JsonValue | Channel<unknown> | Template | readonly Embedded[] | { readonly [key: string]: Embedded };

function fieldType(ref: ChannelRef, key: string): PortType {
  const text: PortType = { kind: 'parameter', parameterType: 'STRING' };
  if (ref.kind !== 'item' || ref.type.kind !== 'parameter') return text;
  return ref.type.element ?? (key === '' ? text : text);
}
