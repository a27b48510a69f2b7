/** Names that mean the same to a person: `mlengine/train`, `ml-engine/train` and `ml_engine/train`. */

/** Equal for names that differ only in `_` and `-` and in case. */
export function spellingKey(name: string): string {
  return name.replace(/[_-]/g, '').toLowerCase();
}

/** Guesses are requests to a host that has no list of its components. */
export const MAX_SPELLING_GUESSES = 60;

/**
 * Other spellings of a name, likeliest first: `_` and `-` exchanged, left out, then put in at one place. At most
 * {@link MAX_SPELLING_GUESSES}.
 */
export function otherSpellings(name: string): readonly string[] {
  const guesses = new Set([name.replaceAll('-', '_'), name.replaceAll('_', '-'), name.replace(/[_-]/g, '')]);
  const segments = name.split('/');
  for (const separator of ['_', '-']) {
    for (const [index, segment] of segments.entries()) {
      for (let position = 1; position < segment.length; position += 1) {
        if (/[_-]/.test(segment.slice(position - 1, position + 1))) continue;
        const spelled = `${segment.slice(0, position)}${separator}${segment.slice(position)}`;
        guesses.add(segments.with(index, spelled).join('/'));
      }
    }
  }
  guesses.delete(name);
  return [...guesses].slice(0, MAX_SPELLING_GUESSES);
}
