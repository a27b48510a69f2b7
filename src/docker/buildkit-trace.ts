/**
 * What BuildKit says while it builds: `StatusResponse` of moby/buildkit's control.proto, in base64 in lines of Docker's progress.
 * Of its fields only the names, errors and output of vertices are read.
 */
export interface BuildKitTrace {
  /** What a person reads: the name of a vertex when it starts, and what its program prints. */
  add(base64: string): string;
}

interface Field {
  readonly number: number;
  readonly bytes: Uint8Array | undefined;
}

const VERTEXES = 1;
const LOGS = 3;
const VERTEX = { digest: 1, name: 3, cached: 4, started: 5 } as const;
const LOG_MESSAGE = 4;

export function buildKitTrace(): BuildKitTrace {
  const shown = new Set<string>();
  return {
    add(base64) {
      let text = '';
      for (const { number, bytes } of fieldsOf(Buffer.from(base64, 'base64'))) {
        if (bytes === undefined) continue;
        const fields = fieldsOf(bytes);
        const textOf = (wanted: number) => decoded(fields.find((field) => field.number === wanted)?.bytes);
        if (number === LOGS) text += textOf(LOG_MESSAGE);
        const hasBegun = fields.some((field) => field.number === VERTEX.started || field.number === VERTEX.cached);
        if (number !== VERTEXES || !hasBegun || shown.has(textOf(VERTEX.digest))) continue;
        shown.add(textOf(VERTEX.digest));
        text += `${textOf(VERTEX.name)}\n`;
      }
      return text;
    },
  };
}

const decoded = (bytes: Uint8Array | undefined): string => (bytes === undefined ? '' : Buffer.from(bytes).toString());

/** The wire format of protocol buffers; numbers are skipped, messages and texts are kept. */
function fieldsOf(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; at < bytes.length; factor *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < bytes.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    switch (key % 8) {
      case 0:
        varint();
        fields.push({ number, bytes: undefined });
        break;
      case 1:
        at += 8;
        break;
      case 2: {
        const length = varint();
        fields.push({ number, bytes: bytes.subarray(at, at + length) });
        at += length;
        break;
      }
      case 5:
        at += 4;
        break;
      default:
        return fields;
    }
  }
  return fields;
}
