/**
 * The namespace the dashboard shows. Only a server with login tells namespaces apart; there the reader chooses one, and calls that
 * take a namespace are given it.
 */
const KEY = 'pipewright.namespace';

let current = read();

export const currentNamespace = (): string => current;

export function setNamespace(namespace: string): void {
  current = namespace;
  try {
    localStorage.setItem(KEY, namespace);
  } catch {
    // Without storage it holds until the page is left.
  }
}

function read(): string {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}
