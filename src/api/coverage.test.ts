// Compares the tables with the API files that upstream publishes: every operation, every message, every field.
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { fieldKind, type FieldKind, type Schemas } from './message.ts';
import type { Routes } from './route.ts';
import { V1_MESSAGES } from './v1beta1/messages.ts';
import { V1_ROUTES } from './v1beta1/routes.ts';
import { V2_MESSAGES } from './v2beta1/messages.ts';
import { V2_ROUTES } from './v2beta1/routes.ts';

const folder = fileURLToPath(new URL('../../../shared/conformance/api', import.meta.url));
const skip = existsSync(folder) ? false : '../shared/conformance/api is absent';

interface Property {
  readonly type?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly items?: Property;
  readonly additionalProperties?: Property;
}
interface Parameter extends Property {
  readonly name: string;
  readonly in: string;
  readonly schema?: Property;
}
interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly responses: Readonly<Record<string, { readonly schema?: Property }>>;
}
interface Definition {
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Property>>;
}
interface Swagger {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly definitions: Readonly<Record<string, Definition>>;
}

const read = (dialect: string): readonly Swagger[] =>
  globSync('*.json', { cwd: join(folder, dialect) }).map(
    (file) => JSON.parse(readFileSync(join(folder, dialect, file), 'utf8')) as Swagger,
  );

const RENAMED: Readonly<Record<string, string>> = { googleRpcStatus: 'RpcStatus' };
const bare = (name: string): string => RENAMED[name] ?? name.replace(/^(v2beta1|api)(?=[A-Z])/, '');
/** `Any` is written as the value it is; the error body has its own shape. */
const NOT_MESSAGES = new Set(['protobufAny', 'protobufNullValue', 'apiStatus']);
const refName = (property: Property | undefined): string | undefined => property?.$ref?.replace('#/definitions/', '');

for (const [dialect, routes, messages] of [
  ['v2beta1', V2_ROUTES, V2_MESSAGES],
  ['v1beta1', V1_ROUTES, V1_MESSAGES],
] as const) {
  test(`Every operation of ${dialect} is in the table, with its parameters, body and reply.`, { skip }, () => {
    const swaggers = read(dialect);
    const operations = swaggers.flatMap(({ paths }) =>
      Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
      ),
    );
    assert.ok(operations.length > 60);
    assert.deepEqual(
      operations.flatMap((found) => operationProblems(routes, found)),
      [],
    );
  });

  test(`Every message of ${dialect} has its fields, with their types.`, { skip }, () => {
    const definitions = read(dialect).flatMap((swagger) => Object.entries(swagger.definitions));
    assert.ok(definitions.length > 60);
    assert.deepEqual(
      definitions.flatMap(([name, definition]) => messageProblems(messages, name, definition)),
      [],
    );
  });
}

function operationProblems(
  routes: Routes,
  { path, method, operation }: { readonly path: string; readonly method: string; readonly operation: Operation },
): string[] {
  const found = Object.entries(routes).find(([, route]) => route.path === path && route.method === method);
  if (!found) return [`${method} ${path} is missing`];
  const [id, route] = found;
  const problems: string[] = [];
  const expect = (what: string, actual: unknown, expected: unknown) => {
    if (actual !== expected) problems.push(`${method} ${path}: ${what} is ${String(actual)}, not ${String(expected)}`);
  };
  expect('id', id, operation.operationId);
  const reply = refName(operation.responses['200']?.schema);
  expect('reply', route.reply, reply === undefined ? 'Empty' : bare(reply));
  for (const parameter of operation.parameters ?? []) {
    if (parameter.in === 'query' && route.query?.[parameter.name] === undefined)
      problems.push(`${path}?${parameter.name} is missing`);
    const body = refName(parameter.schema);
    if (parameter.in === 'body' && body !== undefined) expect('body', route.body, bare(body));
  }
  return problems;
}

function messageProblems(messages: Schemas, name: string, definition: Definition): string[] {
  if (NOT_MESSAGES.has(name)) return [];
  const schema = messages[bare(name)];
  if (schema === undefined) return [`${name} is missing`];
  if (Array.isArray(schema)) {
    const values = schema.filter((value) => value !== null);
    return JSON.stringify(values) === JSON.stringify(definition.enum) ? [] : [`${name} has other values`];
  }
  return Object.entries(definition.properties ?? {}).flatMap(([field, property]) => {
    const type = (schema as Record<string, string>)[field];
    if (type === undefined) return [`${name}.${field} is missing`];
    return fits(fieldKind(messages, type), property) ? [] : [`${name}.${field} is ${type}, not ${JSON.stringify(property)}`];
  });
}

function fits(kind: FieldKind, property: Property): boolean {
  const ref = refName(property);
  if (ref !== undefined) return kind.kind === 'scalar' ? NOT_MESSAGES.has(ref) : 'name' in kind && kind.name === bare(ref);
  if (property.type === 'array') return kind.kind === 'list' && fits(kind.item, property.items!);
  if (property.type === 'object' && property.additionalProperties) {
    return kind.kind === 'map' && fits(kind.item, property.additionalProperties);
  }
  if (kind.kind !== 'scalar') return false;
  const expected: Readonly<Record<string, readonly string[]>> = {
    'string/': ['string'],
    'string/date-time': ['timestamp'],
    'string/int64': ['int64'],
    'integer/int32': ['int32'],
    'number/double': ['double'],
    'boolean/': ['bool'],
    'object/': ['struct', 'value'],
    '/': ['value'],
  };
  return (expected[`${property.type ?? ''}/${property.format ?? ''}`] ?? []).includes(kind.scalar);
}
