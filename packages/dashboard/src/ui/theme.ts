import { useEffect, useState } from 'react';

export type Theme = 'auto' | 'light' | 'dark';
const STORAGE_KEY = 'lvlup.theme';
const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];

function readTheme(): Theme {
  const stored = localStorage.getItem(STORAGE_KEY) as Theme | null;
  return stored !== null && THEMES.includes(stored) ? stored : 'auto';
}

/** Applies the stored theme. `auto` follows the system. */
export function applyTheme(theme: Theme = readTheme()): void {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** The theme, and a function that switches to the next one. */
export function useTheme(): readonly [Theme, () => void] {
  const [theme, setTheme] = useState(readTheme);
  useEffect(() => {
    localStorage.setItem(STORAGE_KEY, theme);
    applyTheme(theme);
    window.dispatchEvent(new Event('themechange'));
  }, [theme]);
  return [
    theme,
    () => {
      setTheme((current) => THEMES[(THEMES.indexOf(current) + 1) % THEMES.length] ?? 'auto');
    },
  ];
}

/** Changes with the colors, so that charts can be drawn again. */
export function useColorsVersion(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const media = matchMedia('(prefers-color-scheme: dark)');
    const change = (): void => {
      setVersion((previous) => previous + 1);
    };
    media.addEventListener('change', change);
    window.addEventListener('themechange', change);
    return () => {
      media.removeEventListener('change', change);
      window.removeEventListener('themechange', change);
    };
  }, []);
  return version;
}
