/** Colours of the theme as a canvas needs them. */
export interface GraphColors {
  readonly edge: string;
  readonly accent: string;
  readonly frame: string;
  readonly frameBorder: string;
  readonly node: string;
  readonly nodeBorder: string;
  readonly states: Readonly<Record<string, string>>;
}

const STATES = ['succeeded', 'failed', 'running', 'pending', 'cached', 'canceled', 'skipped'] as const;

/** Reads the theme where `element` stands. */
export function readColors(element: HTMLElement): GraphColors {
  const probe = document.createElement('span');
  // Where movement is not wanted everything has a transition of no length, and a colour read in it is the one before.
  probe.style.setProperty('transition', 'none', 'important');
  element.append(probe);
  const read = (value: string): string => {
    probe.style.color = value;
    return getComputedStyle(probe).color;
  };
  const colors = {
    edge: read('var(--graph-edge)'),
    accent: read('var(--accent)'),
    frame: read('var(--graph-frame)'),
    frameBorder: read('var(--border)'),
    node: read('var(--bg-raised)'),
    nodeBorder: read('var(--border-strong)'),
    states: Object.fromEntries(STATES.map((state) => [state.toUpperCase(), read(`var(--${state})`)])),
  };
  probe.remove();
  return colors;
}

/** Calls when the theme changes, by choice or by the system. */
export function onThemeChange(call: () => void): () => void {
  const observer = new MutationObserver(call);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  scheme.addEventListener('change', call);
  return () => {
    observer.disconnect();
    scheme.removeEventListener('change', call);
  };
}
