import type { SqlDialect } from './dialect.ts';
import type { NameIndex, NameSearch } from './list-source.ts';
import type { Statement } from './script.ts';

/** How the names of runs are searched: along what 0007-list-indexes.ts makes. */
export const runNames = ({ nameIndex }: SqlDialect): NameIndex =>
  nameIndex === 'table'
    ? { field: 'display_name', column: 'name', withoutIndex: 'display_name', find: findInTable }
    : { field: 'display_name', column: 'display_name', withoutIndex: `(display_name || '')`, find: findInRuns };

const TRIGRAM = 3;

/** Names with all trigrams of a text that are looked at; of more, a walk along the runs soon meets some. */
const MAX_LOOKED_AT = 20_000;

/** The index knows which names have a trigram and not where, so the names are looked at. */
function findInTable(text: string, contains: Statement): NameSearch | undefined {
  const characters = Array.from(text);
  const trigrams = new Set<string>();
  for (let end = TRIGRAM; end <= characters.length; end += 1) trigrams.add(characters.slice(end - TRIGRAM, end).join(''));
  if (trigrams.size === 0) return undefined;
  const match = [...trigrams].map((trigram) => `"${trigram.replaceAll('"', '""')}"`).join(' AND ');
  const candidates = (limit: number) =>
    `select rowid as found from run_name_trigrams where run_name_trigrams match ? limit ${limit}`;
  return {
    // Joined in this order, one is looked at when the next is wanted: a text that many contain is soon found often enough.
    ids: {
      sql: `select run_id as id from (${candidates(MAX_LOOKED_AT)}) as candidates
        cross join run_names on number = found where ${contains.sql}`,
      values: [match, ...contains.values],
    },
    leftOut: {
      sql: `select count(*) > ${MAX_LOOKED_AT} as total from (${candidates(MAX_LOOKED_AT + 1)}) as candidates`,
      values: [match],
    },
  };
}

/**
 * pg_trgm takes trigrams from words, with two blanks before a word and one behind it where its ends are known. A text without any
 * makes it read its whole index, several times slower than the names are. What counts as a letter beyond ASCII depends on the
 * database, so that such letters are relied on only where three meet.
 */
const HAS_TRIGRAM = /[\p{L}\p{N}]{3}|[\0-/:-@[-`{-\x7f][a-z0-9]|[a-z0-9]{2}[\0-/:-@[-`{-\x7f]/iu;

function findInRuns(text: string, contains: Statement): NameSearch | undefined {
  if (!HAS_TRIGRAM.test(text)) return undefined;
  return { ids: { sql: `select run_id as id from runs where ${contains.sql}`, values: contains.values } };
}
