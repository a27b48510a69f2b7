import { ProductError } from '../base/errors.ts';

/** Of an upload as of a message with an inline spec: the reference server's limit. */
export const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** The body of a request; throws TOO_LARGE as soon as it is longer than allowed, whatever its header said. */
export async function readBody(request: Request, limit: number = MAX_BODY_BYTES): Promise<Uint8Array> {
  const tooLarge = () => new ProductError('TOO_LARGE', `the request is larger than ${limit / 1024 / 1024} MiB`);
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge();
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

export function bodyText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new ProductError('INVALID_USAGE', 'the body is not UTF-8 text');
  }
}

export interface UploadedFile {
  readonly content: Uint8Array;
  /** The base name; "" if the client sent none. */
  readonly fileName: string;
}

/** The file part `uploadfile` of a multipart form. Throws INVALID_USAGE. */
export async function readUpload(request: Request): Promise<UploadedFile> {
  const bytes = await readBody(request);
  const type = request.headers.get('content-type') ?? '';
  if (!/^multipart\/form-data\s*;/i.test(type)) {
    throw new ProductError('INVALID_USAGE', 'an upload is multipart/form-data with the file in the part "uploadfile"');
  }
  const form = await new Response(bytes as Uint8Array<ArrayBuffer>, { headers: { 'content-type': type } })
    .formData()
    .catch((cause: unknown) => {
      throw new ProductError('INVALID_USAGE', 'the multipart form cannot be read', { cause });
    });
  const part = form.get('uploadfile');
  if (part === null) throw new ProductError('INVALID_USAGE', 'http: no such file: the form has no part "uploadfile"');
  if (typeof part === 'string') return { content: new TextEncoder().encode(part), fileName: '' };
  return { content: new Uint8Array(await part.arrayBuffer()), fileName: part.name.split(/[/\\]/).at(-1)! };
}
