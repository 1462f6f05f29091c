/** API key of the session. It ends with the browser's tab. */
const STORAGE_KEY = 'lvlup.api_key';
const listeners = new Set<() => void>();

export function getApiKey(): string | null {
  return sessionStorage.getItem(STORAGE_KEY);
}

/** Stores the key; null removes it. */
export function setApiKey(key: string | null): void {
  if (key === null) sessionStorage.removeItem(STORAGE_KEY);
  else sessionStorage.setItem(STORAGE_KEY, key);
  for (const listener of listeners) listener();
}

/** @returns ends the subscription */
export function onApiKeyChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
