import type { Message } from '../../api/message.ts';
import { parseBody } from '../../api/parse-body.ts';
import { V1_MESSAGES, type V1Messages } from '../../api/v1beta1/messages.ts';
import type { FilterPredicate } from '../../app/filter-predicate.ts';
import { type ListRequest, parseFilterJson } from '../../app/list-request.ts';
import { ProductError } from '../../base/errors.ts';
import type { Predicate } from '../../store/catalogue-store.ts';
import type { Context } from '../context.ts';
import { type ListParameters, listRequest, predicateValue } from '../v2beta1/lists.ts';

export type V1Message<Name extends keyof V1Messages> = Message<V1Messages, Name>;
type ReferenceType = NonNullable<V1Message<'ResourceKey'>['type']>;

/** v1beta1 says what belongs to what in a list of references. */
export function reference(
  type: ReferenceType,
  id: string | null,
  { name = '', relationship = 'OWNER' }: { readonly name?: string; readonly relationship?: 'OWNER' | 'CREATOR' } = {},
): readonly V1Message<'ResourceReference'>[] {
  return id === null || id === '' ? [] : [{ key: { type, id }, name, relationship }];
}

/** The id of the first reference of a type; "" if there is none. */
export const referenceId = (references: readonly V1Message<'ResourceReference'>[] | undefined, type: ReferenceType): string =>
  references?.find(({ key }) => key?.type === type)?.key?.id ?? '';

export const namespaceReference = ({ namespaces }: Context, namespace: string) =>
  reference('NAMESPACE', namespaces.shown(namespace));

interface OwnedList extends ListParameters {
  readonly 'resource_reference_key.type'?: ReferenceType;
  readonly 'resource_reference_key.id'?: string;
}

/** A list that may be limited to an experiment or a namespace. Other owners are refused: nothing is listed by them. */
export function ownedList(
  query: OwnedList,
  { namespaces }: Context,
  owners: readonly ReferenceType[],
  within: (namespace: string | undefined) => readonly Predicate[] = namespaces.within,
): ListRequest {
  const type = query['resource_reference_key.type'] ?? 'UNKNOWN_RESOURCE_TYPE';
  const id = query['resource_reference_key.id'] ?? '';
  if (type !== 'UNKNOWN_RESOURCE_TYPE' && !owners.includes(type)) {
    throw new ProductError('INVALID_ARGUMENTS', `Invalid resource references: the list cannot be limited to a ${type}`);
  }
  const isOfExperiment = type === 'EXPERIMENT';
  const ofExperiment: readonly Predicate[] = isOfExperiment ? [{ field: 'experiment_id', operation: 'eq', values: [id] }] : [];
  // An experiment is in one namespace, and whoever may see it was let in.
  const ofNamespace = isOfExperiment ? [] : within(type === 'NAMESPACE' ? id : undefined);
  return { ...listRequest(query, [...ofExperiment, ...ofNamespace]), parseFilter };
}

export function parseFilter(text: string): readonly FilterPredicate[] {
  const filter = parseBody(V1_MESSAGES, 'Filter', JSON.stringify(parseFilterJson(text)));
  return (filter.predicates ?? []).map((predicate) => {
    const { op, key, ...value } = predicate;
    return { operation: op === 'UNKNOWN' ? '' : (op ?? ''), key: key ?? '', value: predicateValue(value) };
  });
}
