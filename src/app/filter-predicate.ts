import { ProductError } from '../base/errors.ts';
import { LIST_FIELDS, type ListName, type Predicate } from '../store/catalogue-store.ts';
import { fieldOf } from './list-fields.ts';

/** One predicate of a filter as a client sends it; the names of both API versions mean the same. */
export interface FilterPredicate {
  /** `EQUALS`; "" or the zero of the enum is refused. */
  readonly operation: string;
  readonly key: string;
  /** The one value that was set; times are epoch milliseconds. Lists are for `IN`. */
  readonly value:
    | { readonly kind: 'text'; readonly values: readonly string[]; readonly isList: boolean }
    | { readonly kind: 'number'; readonly values: readonly number[]; readonly isList: boolean }
    | { readonly kind: 'time'; readonly values: readonly number[]; readonly isList: false }
    | undefined;
}

const OPERATIONS: Readonly<Record<string, Predicate['operation']>> = {
  EQUALS: 'eq',
  NOT_EQUALS: 'ne',
  GREATER_THAN: 'gt',
  GREATER_THAN_EQUALS: 'ge',
  LESS_THAN: 'lt',
  LESS_THAN_EQUALS: 'le',
  IN: 'in',
  IS_SUBSTRING: 'contains',
};

/** The predicate in the catalogue's words. Throws INVALID_USAGE for what cannot be asked. */
export function filterPredicate(list: ListName, given: FilterPredicate): Predicate {
  const operation = Object.hasOwn(OPERATIONS, given.operation) ? OPERATIONS[given.operation] : undefined;
  if (!operation) throw invalid(`Unsupported operation: ${given.operation || 'none'}`);
  if (given.key === '') throw invalid('a predicate of the filter has no key');
  const field = fieldOf(list, given.key);
  if (!field) throw invalid(`no support for filtering on unrecognized field ${JSON.stringify(given.key)}`);
  if (!given.value || given.value.values.length === 0) throw invalid(`the predicate on ${given.key} has no value`);
  if (given.value.isList !== (operation === 'in')) {
    throw invalid(`the operation ${given.operation} on ${given.key} takes ${operation === 'in' ? 'a list' : 'one value'}`);
  }
  if (operation === 'contains' && given.value.kind !== 'text') throw invalid(`IS_SUBSTRING on ${given.key} takes a string value`);
  const kind = (LIST_FIELDS[list] as Readonly<Record<string, string>>)[field.name];
  if (kind === 'tags' && (operation !== 'eq' || given.value.kind !== 'text')) {
    throw invalid(`a filter on ${given.key} takes EQUALS and a string value`);
  }
  if (kind === 'time') return { field: field.name, operation: timeOperation(operation, given), values: secondsOf(given) };
  const texts = given.value.values.map((value) =>
    given.value?.kind === 'time' ? new Date(Number(value)).toISOString() : String(value),
  );
  const member = field.key === undefined ? {} : { key: field.key };
  return { field: field.name, ...member, ...meaningOf(field.name, operation, texts) };
}

function timeOperation(operation: Predicate['operation'], given: FilterPredicate): Predicate['operation'] {
  if (operation === 'contains') throw invalid(`IS_SUBSTRING cannot be used on ${given.key}, which is a time`);
  return operation;
}

/** Times are given as such, or as unix seconds in a number or a text. */
function secondsOf({ key, value }: FilterPredicate): readonly number[] {
  return value!.values.map((item) => {
    if (value!.kind === 'time') return Math.floor(Number(item) / 1000);
    const text = String(item);
    const seconds = /^-?\d+$/.test(text) ? Number(text) : /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) / 1000 : Number.NaN;
    if (!Number.isFinite(seconds)) throw invalid(`${JSON.stringify(text)} is not a time that ${key} could be compared with`);
    return Math.floor(seconds);
  });
}

type Meaning = Pick<Predicate, 'operation' | 'values'>;

/** States have other names in the older API, and other ones for clients than for the engine. */
function meaningOf(field: string, operation: Predicate['operation'], texts: readonly string[]): Meaning {
  switch (field) {
    case 'storage_state':
      return {
        operation,
        values: texts
          .map((text) => text.replace(/^STORAGE_?STATE_/, ''))
          .map((text) => (text === 'UNSPECIFIED' ? 'AVAILABLE' : text)),
      };
    case 'state':
      return spread(operation, texts.flatMap(statesMeant));
    case 'is_enabled':
      return { operation, values: texts.map((text) => (/^ENABLED?$/i.test(text) ? 1 : 0)) };
    default:
      return { operation, values: texts };
  }
}

/** One name of a state may stand for several states. */
function spread(operation: Predicate['operation'], values: readonly string[]): Meaning {
  if (operation === 'eq' || operation === 'in') return { operation: 'in', values };
  if (operation === 'ne') return { operation: 'notIn', values };
  return { operation, values };
}

/** What ended early is shown as failed (see reported-state.ts). */
function statesMeant(name: string): readonly string[] {
  const state = name.toUpperCase();
  if (state === 'FAILED' || state === 'ERROR') return ['FAILED', 'CANCELED'];
  if (state === 'TERMINATING') return ['CANCELING'];
  return [state];
}

const invalid = (message: string): ProductError => new ProductError('INVALID_USAGE', message);
