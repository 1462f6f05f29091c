import { readFileSync } from 'node:fs';
import * as prettier from 'prettier';
import { z } from 'zod';
import { SETTING_DESCRIPTIONS } from '../../src/config/setting-descriptions.js';
import { environment, type SettingName } from '../../src/config/settings.js';

const TEMPLATE = 'tools/docs/configuration.template.md';
/** A placeholder of the template: a table of the settings that it names, in this order. */
const PLACEHOLDER = /^<!-- settings: ([A-Z_ ]+) -->$/gm;

type Property = z.core.JSONSchema.BaseSchema;
const { properties = {} } = z.toJSONSchema(environment, { io: 'output', unrepresentable: 'any' });

/**
 * docs/configuration.md: the template, with a table in place of each placeholder.
 *
 * @throws Error if the template does not name each setting exactly once
 */
export async function configurationDocument(): Promise<string> {
  const template = readFileSync(TEMPLATE, 'utf8');
  const named = [...template.matchAll(PLACEHOLDER)].flatMap(([, names = '']) => names.split(' '));
  assertEachOnce(named);
  const document = template.replaceAll(PLACEHOLDER, (_, names: string) => table(names.split(' ') as SettingName[]));
  const style = await prettier.resolveConfig('docs/configuration.md');
  return prettier.format(document, { ...style, parser: 'markdown' });
}

function assertEachOnce(named: readonly string[]): void {
  const settings = Object.keys(SETTING_DESCRIPTIONS);
  const problems = [
    ...settings.filter((name) => !named.includes(name)).map((name) => `does not name ${name}`),
    ...named.filter((name) => !settings.includes(name)).map((name) => `names ${name}, which is no setting`),
    ...named.filter((name, index) => named.indexOf(name) !== index).map((name) => `names ${name} twice`),
  ];
  if (problems.length > 0) throw new Error(`${TEMPLATE} ${problems.join('; ')}`);
}

function table(names: readonly SettingName[]): string {
  const rows = names.map((name) => [`\`${name}\``, defaultOf(name), rangeOf(name), SETTING_DESCRIPTIONS[name].meaning]);
  return [['setting', 'default', 'range', 'meaning'], ['-', '-', '-', '-'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function defaultOf(name: SettingName): string {
  const value = propertyOf(name).default as string | number | undefined;
  return value === undefined ? (SETTING_DESCRIPTIONS[name].default ?? 'none') : `\`${value}\``;
}

function rangeOf(name: SettingName): string {
  const { range, unit } = SETTING_DESCRIPTIONS[name];
  const { enum: values, minimum, maximum } = propertyOf(name);
  if (range !== undefined) return range;
  if (values !== undefined) return (values as string[]).map((value) => `\`${value}\``).join(', ');
  if (minimum === undefined || maximum === undefined) throw new Error(`the range of ${name} is not described`);
  return [`${minimum} to ${maximum}`, unit].filter((part) => part !== undefined).join(' ');
}

function propertyOf(name: SettingName): Property {
  const property = properties[name];
  return typeof property === 'object' ? property : {};
}
