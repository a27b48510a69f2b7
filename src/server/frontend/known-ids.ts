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
  /** Also finds an artifact that was shown before the server started, among the newest. */
  artifact(number: number): Promise<ArtifactRow | undefined>;
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
  const search = async (number: number): Promise<ArtifactRow | undefined> => {
    let after: { readonly value: string | number; readonly id: string } | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const { rows, next } = await catalogue.listArtifacts({
        predicates: [],
        sort: { field: 'created_at_ms', descending: true },
        limit: PAGE,
        ...(after ? { after } : {}),
      });
      for (const row of rows) show(row.id);
      const found = rows.find(({ id }) => numericId(id) === number);
      if (found || !next) return found;
      after = next;
    }
    return undefined;
  };
  return {
    show,
    textOf: (number) => texts.get(number),
    async artifact(number) {
      const id = texts.get(number);
      return id === undefined ? await search(number) : await store.getArtifact(id);
    },
  };
}
