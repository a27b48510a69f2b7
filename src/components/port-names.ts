/** How the names in a component file become identifiers. The 1.x and 2.x SDKs have different rules; both are kept apart here. */

/** Lower case, everything but letters and digits a space, spaces collapsed, no leading digit. Letters of any script stay. */
function words(name: string): string {
  const spaced = name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, ' ')
    .replace(/ +/g, ' ')
    .trim();
  return /^\p{Nd}/u.test(spaced) ? `n${spaced}` : spaced;
}

/** The name of the keyword argument: "Number of epochs" → `number_of_epochs`. */
export function pythonName(name: string): string {
  return words(name).replaceAll(' ', '_');
}

/** The name of an Argo template or parameter: "Bigquery - Query" → `bigquery-query`. */
export function kubernetesName(name: string): string {
  return words(name).replaceAll(' ', '-');
}

/** The folder of a port below `/tmp/inputs` and `/tmp/outputs`: runs of other characters become one `_`. */
export function fileName(name: string): string {
  return name.replace(/[^-_.0-9a-zA-Z]+/g, '_');
}

/**
 * Python argument name of each port. Names that are their own Python name keep it; the others are converted afterwards and,
 * on a clash, get the suffix ` 2`, ` 3`, … before conversion. Two ports of one name are the reader's business.
 */
export function uniquePythonNames(names: readonly string[]): ReadonlyMap<string, string> {
  const table = new Map<string, string>();
  const taken = new Set<string>();
  for (const name of names) {
    if (pythonName(name) !== name) continue;
    table.set(name, name);
    taken.add(name);
  }
  for (const name of names) {
    if (table.has(name)) continue;
    let converted = pythonName(name);
    for (let index = 2; taken.has(converted); index += 1) converted = pythonName(`${name} ${index}`);
    table.set(name, converted);
    taken.add(converted);
  }
  return new Map(names.map((name) => [name, table.get(name)!]));
}

/** Input and output names in the IR (2.x): ASCII lower case and digits, other runs one `_`, none at the ends. */
export function irPortName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^_0-9a-z]+/g, '_')
    .replace(/^_+|_+$/g, '');
}

/** Component name in the IR (2.x), without the `comp-` or `exec-` in front: ASCII lower case, digits and single dashes. */
export function irComponentName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^-0-9a-z]+/g, '-')
    .replace(/-+/g, '-')
    .replace(/^-+|-+$/g, '');
}
