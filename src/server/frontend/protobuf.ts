/** The wire format of protocol buffers, as far as a handful of small messages need it. */
import { isJsonObject, type JsonObject, type JsonValue } from '../../base/json.ts';

/** Writes the fields of one message. Zero values are written when they are given: proto2 tells them from absent ones. */
export class ProtoWriter {
  readonly #parts: Uint8Array[] = [];

  /** A non-negative integer below 2^53. */
  int(field: number, value: number | undefined): this {
    if (value !== undefined) this.#parts.push(varint(field * 8), varint(value));
    return this;
  }

  double(field: number, value: number): this {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, true);
    this.#parts.push(varint(field * 8 + 1), bytes);
    return this;
  }

  text(field: number, value: string | undefined): this {
    return value === undefined ? this : this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, value: ProtoWriter | undefined): this {
    return value === undefined ? this : this.bytes(field, value.finish());
  }

  bytes(field: number, value: Uint8Array): this {
    this.#parts.push(varint(field * 8 + 2), varint(value.byteLength), value);
    return this;
  }

  finish(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

export type ProtoField = number | Uint8Array;

/** The fields of a message by number: varints as numbers, everything else as bytes. Throws RangeError when it is cut short. */
export function readProto(bytes: Uint8Array): ReadonlyMap<number, readonly ProtoField[]> {
  const fields = new Map<number, ProtoField[]>();
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = bytes[at];
      if (byte === undefined || scale > 2 ** 63) throw new RangeError('the message ends within a number');
      at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new RangeError('the message ends within a field');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = next();
    const field = Math.floor(tag / 8);
    const value = readValue(tag % 8, next, take);
    const list = fields.get(field);
    if (list) list.push(value);
    else fields.set(field, [value]);
  }
  return fields;
}

function readValue(wireType: number, next: () => number, take: (length: number) => Uint8Array): ProtoField {
  switch (wireType) {
    case 0:
      return next();
    case 1:
      return take(8);
    case 2:
      return take(next());
    case 5:
      return take(4);
    default:
      throw new RangeError(`wire type ${wireType} is not known`);
  }
}

/** Repeated integers, packed or not. */
export function intsOf(fields: ReadonlyMap<number, readonly ProtoField[]>, field: number): readonly number[] {
  return (fields.get(field) ?? []).flatMap((value) => {
    if (typeof value === 'number') return [value];
    const numbers: number[] = [];
    let at = 0;
    while (at < value.length) {
      let number = 0;
      for (let scale = 1; at < value.length; scale *= 0x80) {
        const byte = value[at]!;
        at += 1;
        number += (byte & 0x7f) * scale;
        if (byte < 0x80) break;
      }
      numbers.push(number);
    }
    return numbers;
  });
}

export function textOf(fields: ReadonlyMap<number, readonly ProtoField[]>, field: number): string {
  const value = fields.get(field)?.at(-1);
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : '';
}

/** google.protobuf.Struct. */
export function structMessage(object: JsonObject): ProtoWriter {
  const writer = new ProtoWriter();
  for (const [key, value] of Object.entries(object)) {
    writer.message(1, new ProtoWriter().text(1, key).message(2, valueMessage(value)));
  }
  return writer;
}

/** google.protobuf.Value. */
function valueMessage(value: JsonValue): ProtoWriter {
  const writer = new ProtoWriter();
  if (value === null) return writer.int(1, 0);
  if (typeof value === 'number') return writer.double(2, value);
  if (typeof value === 'string') return writer.text(3, value);
  if (typeof value === 'boolean') return writer.int(4, value ? 1 : 0);
  if (isJsonObject(value)) return writer.message(5, structMessage(value));
  const list = new ProtoWriter();
  for (const item of value) list.message(1, valueMessage(item));
  return writer.message(6, list);
}
