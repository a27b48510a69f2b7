import type { JsonObject } from '../base/json.ts';
import { fieldKind, type FieldKind, type MessageSchema, type ScalarName, type Schemas } from './message.ts';
import type { Route, Routes } from './route.ts';

export interface ApiTables {
  readonly title: string;
  readonly version: string;
  readonly routes: Routes;
  readonly messages: Schemas;
}

/** The OpenAPI 3.1 document of a dialect, made from its tables. */
export function openApiOf({ title, version, routes, messages }: ApiTables): JsonObject {
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const [id, route] of Object.entries(routes)) {
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(id, route, messages);
  }
  const schemas = Object.entries(messages).map(([name, schema]) => [name, schemaOf(messages, schema)] as const);
  return {
    openapi: '3.1.0',
    info: { title, version },
    paths,
    components: { schemas: Object.fromEntries(schemas) },
  };
}

function operationOf(id: string, route: Route, messages: Schemas): JsonObject {
  const names = [...route.path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name!);
  const parameters = [
    ...names.map((name): JsonObject => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...Object.entries(route.query ?? {}).map(([name, type]): JsonObject => ({
      name,
      in: 'query',
      schema: kindSchema(fieldKind(messages, type)),
    })),
  ];
  const content = contentOf(route);
  return {
    operationId: id,
    summary: route.summary,
    ...(route.access === 'open' ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(content === undefined ? {} : { requestBody: { required: true, content } }),
    responses: {
      200: { description: 'Done', ...replyContent(route) },
      default: { description: 'An error: `{error, message, code, details}`' },
    },
  };
}

function contentOf(route: Route): JsonObject | undefined {
  if (route.form === 'upload') {
    const file = { type: 'object', required: ['uploadfile'], properties: { uploadfile: { type: 'string', format: 'binary' } } };
    return { 'multipart/form-data': { schema: file } };
  }
  if (route.form === 'text') return { 'application/json': { schema: { type: 'string' } } };
  return route.body === undefined ? undefined : { 'application/json': { schema: ref(route.body) } };
}

function replyContent(route: Route): JsonObject {
  return route.form === 'raw' ? {} : { content: { 'application/json': { schema: ref(route.reply) } } };
}

const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

function schemaOf(messages: Schemas, schema: Schemas[string]): JsonObject {
  if (Array.isArray(schema)) return { type: 'string', enum: schema.filter((value) => value !== null) };
  const fields = Object.entries(schema as MessageSchema);
  const properties = Object.fromEntries(fields.map(([name, type]) => [name, kindSchema(fieldKind(messages, type))]));
  return { type: 'object', properties };
}

function kindSchema(kind: FieldKind): JsonObject {
  switch (kind.kind) {
    case 'scalar':
      return SCALAR_SCHEMAS[kind.scalar];
    case 'list':
      return { type: 'array', items: kindSchema(kind.item) };
    case 'map':
      return { type: 'object', additionalProperties: kindSchema(kind.item) };
    default:
      return ref(kind.name);
  }
}

const SCALAR_SCHEMAS: Readonly<Record<ScalarName, JsonObject>> = {
  string: { type: 'string' },
  bool: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'string', format: 'int64' },
  double: { type: 'number', format: 'double' },
  timestamp: { type: 'string', format: 'date-time' },
  instant: { type: 'string', format: 'date-time' },
  struct: { type: 'object' },
  value: {},
};
