import { encodeMessage } from '../../api/encode-message.ts';
import type { Message } from '../../api/message.ts';
import { V2_MESSAGES, type V2Messages } from '../../api/v2beta1/messages.ts';
import type { JsonObject } from '../../base/json.ts';
import { writeJson } from '../command-error.ts';
import { styleFor } from '../style.ts';
import type { Kind, KindName } from './kinds.ts';
import type { OutputFormat } from './session.ts';
import { renderFields, renderTable } from './table.ts';

/** A list as a table or as one JSON array; how to get the next page goes to stderr, so that stdout can be piped. */
export function printList<Name extends KindName>(
  kind: Kind<Name>,
  objects: readonly Message<V2Messages, Name>[],
  options: { readonly output: OutputFormat; readonly nextPageToken: string | undefined },
): void {
  if (options.output === 'json') writeJson(objects.map((object) => objectJson(kind, object)));
  else if (objects.length === 0) process.stderr.write(`no ${kind.noun}s\n`);
  else {
    const header = kind.columns.map(([title]) => title);
    const rows = objects.map((object) => kind.columns.map(([, value]) => value(object)));
    printLines(renderTable(header, rows, styleFor(process.stdout, process.env)));
  }
  if (options.nextPageToken) process.stderr.write(`there are more; next page: --page-token ${options.nextPageToken}\n`);
}

export function printObject<Name extends KindName>(
  kind: Kind<Name>,
  object: Message<V2Messages, Name>,
  output: OutputFormat,
): void {
  if (output === 'json') return writeJson(objectJson(kind, object));
  const fields = [...kind.columns, ...kind.details].map(([title, value]) => [title, value(object)] as const);
  printLines(renderFields(fields, styleFor(process.stdout, process.env)));
}

/** Says what was done to an object that is not there to be shown any more. */
export function printDeleted(noun: string, id: string, output: OutputFormat): void {
  if (output === 'json') writeJson({ id, deleted: true });
  else printLines([`${noun} ${id} is deleted`]);
}

export function printLines(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

/** The object as the API has it, with `id` and `name`, the names that scripts know from kfp's command line. */
function objectJson<Name extends KindName>(kind: Kind<Name>, object: Message<V2Messages, Name>): JsonObject {
  const api = encodeMessage(V2_MESSAGES, kind.message, object);
  return { id: kind.id(object), name: api['display_name'] ?? '', ...api };
}
