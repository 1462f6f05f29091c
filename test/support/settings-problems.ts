import { loadSettings, SettingsError } from '../../src/config/settings.js';

/** Problems of these environment variables, one line each. */
export function settingsProblems(variables: Record<string, string>): readonly string[] {
  try {
    loadSettings(variables);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}
