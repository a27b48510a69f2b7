import { parseBody } from '../../api/parse-body.ts';
import { V2_MESSAGES } from '../../api/v2beta1/messages.ts';
import { parseFilterJson, type ListRequest } from '../../app/list-request.ts';
import type { FilterPredicate } from '../../app/filter-predicate.ts';
import type { Predicate } from '../../store/catalogue-store.ts';
import type { V2Message } from './pipeline-messages.ts';

export interface ListParameters {
  readonly page_size?: number;
  readonly page_token?: string;
  readonly sort_by?: string;
  readonly filter?: string;
}

/** The parameters of a list in the words of the app. */
export function listRequest(query: ListParameters, within: readonly Predicate[] = []): ListRequest {
  return {
    pageSize: query.page_size ?? 0,
    pageToken: query.page_token ?? '',
    sortBy: query.sort_by ?? '',
    filter: query.filter ?? '',
    parseFilter,
    within,
  };
}

function parseFilter(text: string): readonly FilterPredicate[] {
  const filter = parseBody(V2_MESSAGES, 'Filter', JSON.stringify(parseFilterJson(text)));
  return (filter.predicates ?? []).map((predicate) => ({
    operation: predicate.operation ?? '',
    key: predicate.key ?? '',
    value: predicateValue(predicate),
  }));
}

type PredicateMessage = Omit<V2Message<'Predicate'>, 'operation'>;

/** The one value of a predicate that is set; both API versions name them alike. */
export function predicateValue(given: PredicateMessage): FilterPredicate['value'] {
  const { int_value, long_value, string_value, timestamp_value, int_values, long_values, string_values } = given;
  if (string_value !== undefined) return { kind: 'text', values: [string_value], isList: false };
  if (string_values) return { kind: 'text', values: string_values.values ?? [], isList: true };
  if (timestamp_value !== undefined) return { kind: 'time', values: [timestamp_value], isList: false };
  const number = int_value ?? long_value;
  if (number !== undefined) return { kind: 'number', values: [number], isList: false };
  const numbers = int_values ?? long_values;
  return numbers ? { kind: 'number', values: numbers.values ?? [], isList: true } : undefined;
}

/** What every list reply ends with. */
export const pageFields = ({ total, nextPageToken }: { readonly total: number; readonly nextPageToken: string }) => ({
  total_size: total,
  next_page_token: nextPageToken,
});
