import { loadSettings, SettingsError } from '../../src/config/settings.js';

/** What is said of these environment variables, a line for each that cannot be used. */
export function settingsProblems(variables: Record<string, string>): readonly string[] {
  try {
    loadSettings(variables);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}
