/** Whether an absolute, normalised path lies strictly inside a folder given in the same form. */
export function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith('/') ? folder : `${folder}/`) && path !== folder;
}
