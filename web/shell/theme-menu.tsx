import { setTheme, type Theme, THEMES, useTheme } from '../theme/theme.ts';
import { IconButton } from '../ui/button.tsx';
import type { IconName } from '../ui/icon.tsx';

const LOOKS: Readonly<Record<Theme, { readonly icon: IconName; readonly name: string }>> = {
  system: { icon: 'monitor', name: 'the theme of the system' },
  light: { icon: 'sun', name: 'light' },
  dark: { icon: 'moon', name: 'dark' },
};

/** Goes through the themes: system, light, dark. */
export function ThemeMenu() {
  const current = useTheme();
  const next = THEMES[(THEMES.indexOf(current) + 1) % THEMES.length]!;
  return <IconButton icon={LOOKS[current].icon} label={`Theme: ${LOOKS[current].name}`} onClick={() => setTheme(next)} />;
}
