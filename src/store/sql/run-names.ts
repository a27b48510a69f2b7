import type { SqlDialect } from './dialect.ts';
import type { NameIndex, NameSearch } from './list-source.ts';
import type { Statement } from './script.ts';

/** How the names of runs are searched: along what 0007-list-indexes.ts makes. */
export const runNames = ({ nameIndex }: SqlDialect): NameIndex =>
  nameIndex === 'table'
    ? { field: 'display_name', column: 'name', withoutIndex: 'display_name', find: findInTable }
    : { field: 'display_name', column: 'display_name', withoutIndex: `(display_name || '')`, find: findInRuns, sample: SAMPLE };

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

/** Names that are known to PostgreSQL's planner: about a hundred, from all parts of the alphabet; none before it has looked. */
const SAMPLE: Statement = {
  sql: `select array_to_json(most_common_vals::text::text[] || histogram_bounds::text::text[])::text as names
    from pg_stats where schemaname = current_schema() and tablename = 'runs' and attname = 'display_name'`,
  values: [],
};

function findInRuns(text: string, contains: Statement, sample: readonly string[]): NameSearch | undefined {
  if (!HAS_TRIGRAM.test(text)) return undefined;
  const names = sample.map(lowered);
  const rare = rareParts(text, names);
  const ids = 'select run_id as id from runs where';
  // Many are soon met along an index that has the names, which is narrower than the runs.
  const order = shareOf(lowered(text), names) >= FREQUENT ? ' order by created_at_ms desc, run_id desc' : '';
  if (rare.length === 0) return { ids: { sql: `${ids} ${contains.sql}${order}`, values: contains.values } };
  // What is behind `is not false` is no condition that an index serves.
  const parts = rare.map(() => 'display_name ilike ?').join(' and ');
  const values = [...rare.map((part) => `%${part}%`), ...contains.values];
  return { ids: { sql: `${ids} ${parts} and (${contains.sql}) is not false`, values } };
}

/** What at most this share of the names has is rare. */
const RARE = 0.02;
/** And what at least this share has is frequent. */
const FREQUENT = 0.05;

const shareOf = (text: string, names: readonly string[]): number =>
  names.length === 0 ? 0 : names.filter((name) => name.includes(text)).length / names.length;

/**
 * The parts of a text whose trigrams hardly any name of the sample has. pg_trgm would follow all trigrams of the text through its
 * index: those that most names have take it longest and tell it least.
 */
function rareParts(text: string, names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const parts: { text: string; end: number }[] = [];
  for (const { index } of text.matchAll(/(?=[a-z0-9]{3})/gi)) {
    const end = index + TRIGRAM;
    const trigram = lowered(text.slice(index, end));
    if (shareOf(trigram, names) > RARE) continue;
    const last = parts.at(-1);
    if (last?.end === end - 1) parts[parts.length - 1] = { text: last.text + text[end - 1]!, end };
    else parts.push({ text: text.slice(index, end), end });
  }
  return parts.map((part) => part.text);
}

/** As `ilike` compares texts that are ordered by their bytes. */
const lowered = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
