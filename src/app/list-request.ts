/** What a client asks of a list, as a query of the catalogue: aliases of fields, filters, sort orders, page tokens. */
import { ProductError } from '../base/errors.ts';
import { isJsonObject, type JsonValue } from '../base/json.ts';
import { LIST_FIELDS, type ListName, type ListQuery, type Page, type Predicate } from '../store/catalogue-store.ts';
import { filterPredicate, type FilterPredicate } from './filter-predicate.ts';
import { fieldOf } from './list-fields.ts';

export interface ListRequest {
  /** 0 or absent: 20. At most 200 are given. */
  readonly pageSize?: number;
  readonly pageToken?: string;
  /** `created_at desc`. */
  readonly sortBy?: string;
  /** JSON of a filter, in the dialect that `parseFilter` reads. */
  readonly filter?: string;
  readonly parseFilter: (text: string) => readonly FilterPredicate[];
  /** What the caller adds: the experiment, the pipeline. */
  readonly within?: readonly Predicate[];
}

export interface ListReply<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
  /** "" on the last page. */
  readonly nextPageToken: string;
}

const DEFAULT_PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 200;
const MAX_PREDICATES = 50;

/** Asks a list of the catalogue for a page. Throws INVALID_USAGE for a request that cannot be understood. */
export async function listPage<Row>(
  list: ListName,
  request: ListRequest,
  ask: (query: ListQuery) => Promise<Page<Row>>,
): Promise<ListReply<Row>> {
  const token = request.pageToken ? readToken(list, request.pageToken) : undefined;
  const wanted = { sortBy: request.sortBy ?? '', filter: request.filter ?? '' };
  const { sortBy, filter } = token ? sameAsToken(list, request, wanted, token) : wanted;
  const predicates = [...predicatesOf(list, filter, request.parseFilter), ...(request.within ?? [])];
  const sort = parseSort(list, sortBy);
  if (token && !isValueOf(list, sort.field, token.value)) throw invalid('Invalid page token');
  const page = await ask({
    predicates,
    sort,
    limit: pageSizeOf(request.pageSize),
    ...(token ? { after: { value: token.value, id: token.id } } : {}),
  });
  const nextPageToken = page.next ? writeToken(list, { sortBy, filter, ...page.next }) : '';
  return { rows: page.rows, total: page.total, nextPageToken };
}

function pageSizeOf(given: number | undefined): number {
  if (given !== undefined && given < 0) {
    throw invalid(`The page size should be greater than 0. Got ${given}`);
  }
  return given ? Math.min(given, MAX_PAGE_SIZE) : DEFAULT_PAGE_SIZE;
}

function predicatesOf(list: ListName, filter: string, parseFilter: ListRequest['parseFilter']): readonly Predicate[] {
  if (filter === '') return [];
  const given = parseFilter(filter);
  if (given.length > MAX_PREDICATES)
    throw invalid(`the filter has ${given.length} predicates; at most ${MAX_PREDICATES} are allowed`);
  return given.map((predicate) => filterPredicate(list, predicate));
}

/** `field`, `field asc`, `field desc`; by default the oldest come first. */
function parseSort(list: ListName, sortBy: string): ListQuery['sort'] {
  const [name = 'created_at', direction = 'asc', ...more] = sortBy
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (more.length > 0 || !/^(asc|desc)$/i.test(direction)) {
    throw invalid(
      `Received invalid sort by format: ${JSON.stringify(sortBy)}. Supported: "<field>", "<field> asc", "<field> desc"`,
    );
  }
  const descending = direction.toLowerCase() === 'desc';
  const metric = METRIC.exec(name)?.[1];
  if (metric !== undefined && list === 'runs') return { field: 'metrics', key: metric, descending };
  const field = fieldOf(list, name);
  const kind = field === undefined ? undefined : (LIST_FIELDS[list] as Readonly<Record<string, string>>)[field.name];
  if (!field || field.key !== undefined || kind === 'tags') {
    throw invalid(`Invalid sorting field: ${JSON.stringify(name)}: the list cannot be sorted by it`);
  }
  return { field: field.name, descending };
}

/** `metric:accuracy`, a number that was reported of runs; names are those report-metrics.ts takes. */
const METRIC = /^metric:([a-zA-Z][-_a-zA-Z0-9]{0,63})$/;

/** A token comes from outside: what it continues after has to be a value of the field. */
function isValueOf(list: ListName, field: string, value: string | number): boolean {
  const kind = (LIST_FIELDS[list] as Readonly<Record<string, string>>)[field];
  if (kind === 'metrics') return Number.isFinite(value);
  return kind === 'text' ? typeof value === 'string' : Number.isSafeInteger(value);
}

interface Token {
  readonly sortBy: string;
  readonly filter: string;
  readonly value: string | number;
  readonly id: string;
}

function writeToken(list: ListName, { sortBy, filter, value, id }: Token): string {
  return Buffer.from(JSON.stringify([list, sortBy, filter, value, id])).toString('base64url');
}

/** A token is of one list only: its position means nothing in another. */
function readToken(list: ListName, text: string): Token {
  let parsed: JsonValue;
  try {
    parsed = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as JsonValue;
  } catch {
    throw invalid('Invalid page token');
  }
  const [of, sortBy, filter, value, id] = Array.isArray(parsed) ? (parsed as readonly JsonValue[]) : [];
  const isValue = typeof value === 'string' || typeof value === 'number';
  if (of !== list || typeof sortBy !== 'string' || typeof filter !== 'string' || !isValue || typeof id !== 'string')
    throw invalid('Invalid page token');
  return { sortBy, filter, value, id };
}

/** A token brings sort order and filter along; if they are sent as well, they have to be the same. */
function sameAsToken(list: ListName, request: ListRequest, wanted: Pick<Token, 'sortBy' | 'filter'>, token: Token) {
  const meaning = ({ sortBy, filter }: Pick<Token, 'sortBy' | 'filter'>) =>
    JSON.stringify([parseSort(list, sortBy), predicatesOf(list, filter, request.parseFilter)]);
  const given = { sortBy: wanted.sortBy || token.sortBy, filter: wanted.filter || token.filter };
  if (meaning(given) !== meaning(token)) {
    throw invalid('page token does not match the supplied sort by and/or filtering criteria');
  }
  return token;
}

/** The value of a filter parameter: JSON, which a client may have percent-encoded once too often. */
export function parseFilterJson(text: string): JsonValue {
  for (const candidate of [text, decoded(text)]) {
    try {
      const json = JSON.parse(candidate) as JsonValue;
      if (isJsonObject(json)) return json;
    } catch {
      // The next spelling, if there is one.
    }
  }
  throw invalid(`failed to parse the filter: ${text.slice(0, 200)}`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const invalid = (message: string): ProductError => new ProductError('INVALID_USAGE', message);
