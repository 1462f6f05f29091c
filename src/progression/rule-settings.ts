import { COUNT, type Range, SCORE } from './ranges.js';
import type { SizeLimits } from './sizes.js';

/** Rules that are configurable by settings. */
export interface RuleSettings {
  /** Minimum score (0–100) to pass an adversarial test. */
  passMark: number;
  /** Maximum XP per test result or learning. */
  maxXpAwarded: number;
  /** Window sizes of the three lists, in items. */
  windows: { testHistory: number; learningPatterns: number; improvementSuggestions: number };
  /** Maximum sizes of documents and list items in a command. */
  sizes: SizeLimits;
}

/** Defaults of the settings. */
export const DEFAULT_RULES: RuleSettings = {
  passMark: 70,
  maxXpAwarded: 1_000,
  windows: { testHistory: 50, learningPatterns: 100, improvementSuggestions: 50 },
  sizes: { document: 65_536, listItem: 4_096 },
};

/** Allowed values of the settings. */
export const RULE_RANGES = {
  passMark: SCORE,
  maxXpAwarded: COUNT,
  window: { least: 1, most: 10_000, whole: true },
  size: { least: 2, most: 1_048_576, whole: true },
} as const satisfies Record<string, Range>;
