import { ProductError } from '../../base/errors.ts';
import { readBody } from '../read-body.ts';
import type { MetadataMethod } from './metadata-service.ts';
import { readProto } from './protobuf.ts';

const HEADER_BYTES = 5;
const TRAILER_FLAG = 0x80;
const MAX_REQUEST_BYTES = 4 * 1024 * 1024;
/** gRPC's numbers. */
const INVALID = 3;
const UNIMPLEMENTED = 12;
const INTERNAL = 13;

/** One unary call of gRPC-Web: a framed message in, a framed message and the trailers out. Errors are told in the trailers. */
export async function grpcWebReply(
  methods: Readonly<Record<string, MetadataMethod>>,
  name: string,
  request: Request,
): Promise<Response> {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (!method) return frames([trailers(UNIMPLEMENTED, `${name} is not served`)]);
  try {
    const body = await readBody(request, MAX_REQUEST_BYTES);
    const reply = await method(readProto(messageOf(body)));
    return frames([frame(0, reply.finish()), trailers(0)]);
  } catch (error) {
    const isClients = error instanceof RangeError || error instanceof ProductError;
    if (!isClients) throw error;
    return frames([trailers(error instanceof RangeError ? INVALID : INTERNAL, error.message)]);
  }
}

function messageOf(body: Uint8Array): Uint8Array {
  if (body.byteLength === 0) return body;
  if (body.byteLength < HEADER_BYTES) throw new RangeError('the frame has no header');
  const length = new DataView(body.buffer, body.byteOffset).getUint32(1);
  if (body.byteLength < HEADER_BYTES + length) throw new RangeError('the frame is cut short');
  return body.subarray(HEADER_BYTES, HEADER_BYTES + length);
}

function frame(flag: number, content: Uint8Array): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  header[0] = flag;
  new DataView(header.buffer).setUint32(1, content.byteLength);
  return Buffer.concat([header, content]);
}

function trailers(status: number, message = ''): Uint8Array {
  const text = `grpc-status:${status}\r\n${message === '' ? '' : `grpc-message:${encodeURIComponent(message)}\r\n`}`;
  return frame(TRAILER_FLAG, new TextEncoder().encode(text));
}

const frames = (parts: readonly Uint8Array[]): Response =>
  new Response(Buffer.concat(parts), { headers: { 'content-type': 'application/grpc-web+proto' } });
