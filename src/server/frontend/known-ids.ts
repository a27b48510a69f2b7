import type { App } from '../../app/app.ts';
import type { ArtifactRow } from '../../model/run.ts';
import { numericId } from '../numeric-id.ts';

const MAX_KNOWN = 200_000;
const PAGE = 200;
const MAX_PAGES = 100;

export interface KnownIds {
  /** Remembers the number a text id was shown under. */
  show(id: string): void;
  textOf(number: number): string | undefined;
  /** Those there are. Also finds artifacts that were shown before the server started, among the newest. */
  artifacts(numbers: readonly number[]): Promise<readonly ArtifactRow[]>;
}

/** Numbers do not lead back to the ids they were made of; those that were handed out are remembered. */
export function knownIds({ store, catalogue }: App): KnownIds {
  const texts = new Map<number, string>();
  const show = (id: string) => {
    const number = numericId(id);
    texts.delete(number);
    texts.set(number, id);
    if (texts.size > MAX_KNOWN) texts.delete(texts.keys().next().value!);
  };
  /** All in one pass: a client may ask for many numbers that nobody knows. */
  const search = async (numbers: ReadonlySet<number>): Promise<readonly ArtifactRow[]> => {
    const found: ArtifactRow[] = [];
    let after: { readonly value: string | number; readonly id: string } | undefined;
    for (let page = 0; page < MAX_PAGES && found.length < numbers.size; page += 1) {
      const { rows, next } = await catalogue.listArtifacts({
        predicates: [],
        sort: { field: 'created_at_ms', descending: true },
        limit: PAGE,
        ...(after ? { after } : {}),
      });
      for (const row of rows) show(row.id);
      found.push(...rows.filter(({ id }) => numbers.has(numericId(id))));
      if (!next) break;
      after = next;
    }
    return found;
  };
  return {
    show,
    textOf: (number) => texts.get(number),
    async artifacts(numbers) {
      const wanted = [...new Set(numbers)];
      const known = wanted.flatMap((number) => texts.get(number) ?? []);
      const unknown = wanted.filter((number) => !texts.has(number));
      const rows = await Promise.all(known.map((id) => store.getArtifact(id)));
      return [...rows.flatMap((row) => row ?? []), ...(unknown.length === 0 ? [] : await search(new Set(unknown)))];
    },
  };
}
