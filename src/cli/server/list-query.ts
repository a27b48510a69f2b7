import { ProductError } from '../../base/errors.ts';

/** Options of every list, as the kfp command line has them. */
export interface ListOptions {
  readonly pageToken?: string;
  readonly maxSize: string;
  readonly sortBy: string;
  readonly filter?: string;
}

/** The options of a list as the API's query. */
export function listQuery({ pageToken, maxSize, sortBy, filter }: ListOptions) {
  return {
    page_size: wholeNumber('--max-size', maxSize),
    sort_by: sortBy,
    ...(pageToken === undefined ? {} : { page_token: pageToken }),
    ...(filter === undefined ? {} : { filter: readFilter(filter) }),
  };
}

export function wholeNumber(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new ProductError('INVALID_USAGE', `${option} ${text}: a whole number is needed`);
}

const OPERATIONS: Readonly<Record<string, string>> = {
  '=': 'EQUALS',
  '!=': 'NOT_EQUALS',
  '~': 'IS_SUBSTRING',
  '>': 'GREATER_THAN',
  '>=': 'GREATER_THAN_EQUALS',
  '<': 'LESS_THAN',
  '<=': 'LESS_THAN_EQUALS',
};
const CONDITION = /^\s*([\w.-]+)\s*(!=|>=|<=|=|~|>|<)\s*(.*?)\s*$/;

/** The API's JSON as it is, or conditions such as `state=FAILED,name~penguin` as the API's JSON. */
export function readFilter(text: string): string {
  if (text.trimStart().startsWith('{') || text.trim() === '') return text;
  const predicates = text.split(',').map((condition) => {
    const [, key, operation, value] = CONDITION.exec(condition) ?? [];
    if (key === undefined || operation === undefined || value === undefined)
      throw new ProductError('INVALID_USAGE', `--filter: ${JSON.stringify(condition)} is no condition`, {
        hint: 'Write name=value, name!=value, or name~part of it; several with commas; or the JSON of an API filter.',
      });
    return { operation: OPERATIONS[operation], key, ...typed(key, value) };
  });
  return JSON.stringify({ predicates });
}

/** Times are compared as times. */
function typed(key: string, value: string): object {
  const isTime = key.endsWith('_at') && /^\d{4}-\d\d-\d\d/.test(value);
  if (!isTime) return { string_value: value };
  return { timestamp_value: value.includes('T') ? value : `${value}T00:00:00Z` };
}
