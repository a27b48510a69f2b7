import { useEffect, useRef } from 'react';

export type Hotkeys = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/**
 * Keys of the page: `j`, `/`, `mod+k` (⌘ on a Mac, Ctrl elsewhere), `g r` (one after the other). Not while text is being typed,
 * except for those with `mod`; not while a dialog is open.
 */
export function useHotkeys(keys: Hotkeys): void {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    let before = '';
    let beforeAt = 0;
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.isComposing) return;
      const isModified = event.ctrlKey || event.metaKey;
      if (!isModified && (isTyping(event.target) || document.querySelector('dialog[open]'))) return;
      const key = `${isModified ? 'mod+' : ''}${event.key.length === 1 ? event.key.toLowerCase() : event.key}`;
      const isSequel = event.timeStamp - beforeAt < SEQUENCE_MS;
      const action = (isSequel ? current.current[`${before} ${key}`] : undefined) ?? current.current[key];
      before = key;
      beforeAt = event.timeStamp;
      if (!action) return;
      event.preventDefault();
      action(event);
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}

const SEQUENCE_MS = 1_000;

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}
