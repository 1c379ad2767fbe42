/**
 * `setup.cfg`, as the tables of a `pyproject.toml` that say the same.
 * @see https://setuptools.pypa.io/en/latest/userguide/declarative_config.html
 */
import { isTable, type Table, tableAt } from '../../../resolver/formats/table.ts';

type Section = Readonly<Record<string, string>>;

/** Sections about the files and the metadata of a wheel. All others are those of commands and of other tools. */
const SECTIONS = /^options\.(?:packages\.find|extras_require|entry_points|package_data)$/;
/** Options without which the wheel is the same, or has less data. */
const WITHOUT_EFFECT = /^(?:zip_safe|include_package_data|platforms|(?:setup|tests)_requires?)$/;

/** The tables of a project with those of its `setup.cfg`, which come second; null if setuptools alone understands it. */
export function withSetupCfg(top: Table, text: string): Table | null {
  const sections = sectionsOf(text);
  const { metadata = {}, options = {}, ...others } = sections;
  const { packages, package_dir, py_modules, install_requires, python_requires, ...left } = options;
  const isUnderstood =
    Object.keys(others).every((name) => !name.startsWith('options.') || SECTIONS.test(name)) &&
    Object.keys(left).every((name) => WITHOUT_EFFECT.test(name));
  if (!isUnderstood) return null;
  const { where = '.', include = '*', exclude } = sections['options.packages.find'] ?? {};
  const [, way, place] = /^(attr|file):\s*(\S+)$/.exec(metadata.version ?? '') ?? [];
  const find = {
    ...{ where: [where], include: listOf(include), exclude: listOf(exclude) },
    namespaces: packages === 'find_namespace:',
  };
  const made = {
    ...(packages && { packages: /^find(?:_namespace)?:$/.test(packages) ? { find } : listOf(packages) }),
    ...(package_dir && { 'package-dir': pairsOf(package_dir) }),
    ...(py_modules && { 'py-modules': listOf(py_modules) }),
    ...(way && place && { dynamic: { version: { [way]: place } } }),
  };
  const project = {
    ...{ name: metadata.name, version: way ? undefined : metadata.version },
    ...{ 'requires-python': python_requires, dependencies: listOf(install_requires, ';') },
    'optional-dependencies': tableOf(sections['options.extras_require'], (value) => listOf(value, ';')),
    'entry-points': tableOf(sections['options.entry_points'], pairsOf),
  };
  const setuptools = { ...made, ...tableAt(top, 'tool', 'setuptools') };
  return {
    ...top,
    project: isTable(top.project) ? top.project : project,
    tool: { ...tableAt(top, 'tool'), setuptools },
  };
}

/** Values by their names, in the sections of an INI file as Python's `configparser` reads it. */
function sectionsOf(text: string): Record<string, Section> {
  const sections: Record<string, Record<string, string>> = {};
  let section: Record<string, string> = {};
  let last = '';
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:[#;]|$)/.test(line)) continue;
    const [, header] = /^\[([^\]]+)\]/.exec(line) ?? [];
    const [, name, value] = /^([^\s=:][^=:]*)[=:](.*)$/.exec(line) ?? [];
    if (header !== undefined) {
      section = {};
      sections[header] = section;
    } else if (/^\s/.test(line)) section[last] = `${section[last] ?? ''}\n${line.trim()}`;
    else if (name !== undefined && value !== undefined) {
      last = name.trim().toLowerCase().replaceAll('-', '_');
      section[last] = value.trim();
    }
  }
  return sections;
}

/** @param mark what separates values that are on one line */
function listOf(value = '', mark = ','): string[] {
  const parts = value.split(value.includes('\n') ? '\n' : mark);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

const pairsOf = (value: string): Record<string, string> =>
  Object.fromEntries(listOf(value).map((pair) => pair.split(/\s*=\s*/, 2) as [string, string]));

const tableOf = <Value>(section: Section = {}, read: (value: string) => Value): Record<string, Value> =>
  Object.fromEntries(Object.entries(section).map(([name, value]) => [name, read(value)]));
