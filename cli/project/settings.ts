/** The settings for packages that the set does not have: from options, else the environment, else `[tool.pinwheel]`. */
import {
  type Asking,
  type Field,
  INDEX_FIELDS,
  type IndexField,
  isList,
  optionOf,
  variableOf,
} from '../../resolver/question/fields.ts';
import { valueIn } from '../../resolver/question/read.ts';
import { PYPI } from '../common/credentials.ts';
import { misused } from '../common/failure.ts';
import { type BeyondOptions, GIVEN_FIELDS, type GivenField, givenTo } from './options.ts';
import { readToolTable, type ToolTable } from './tool-table.ts';

export interface BeyondSettings {
  /** Of simple indexes, in the order in which they are asked. */
  indexUrls: string[];
  /** Folders with wheels, which are searched before them. */
  findLinks: string[];
  /** What is asked of them. */
  asked: Asking<IndexField>;
  /** The path of a `pyodide-lock.json`. */
  set: string | undefined;
}

type Files = Parameters<typeof readToolTable>[0];

export async function readSettings(options: BeyondOptions & Files): Promise<BeyondSettings> {
  const table = await readToolTable(options);
  const textsOf = (name: GivenField) => givenTo(options, name) ?? variable(name);
  const settings = {
    indexUrls: indexUrlsOf(options, table),
    findLinks: textsOf('find_links') ?? table.find_links ?? [],
    set: textsOf('set')?.[0] ?? table.set,
  };
  // Settings that are only configured have no effect without an index.
  if (settings.indexUrls.length + settings.findLinks.length === 0) {
    const idle = INDEX_FIELDS.find((name) => givenTo(options, name));
    if (idle === undefined) return { ...settings, asked: {} };
    throw misused({ problem: 'option_without_index', option: optionOf(idle) });
  }
  const asked = INDEX_FIELDS.map((name) => [name, settingIn(name, textsOf(name), table[name])]);
  return { ...settings, asked: Object.fromEntries(asked) };
}

/** The value of texts, else that of the table. Of values by name, both count. */
function settingIn(name: IndexField, texts: string[] | undefined, kept: unknown): unknown {
  if (texts === undefined) return kept;
  const field: Field = GIVEN_FIELDS[name];
  const value = valueIn(field.kind, texts);
  if (field.kind !== 'moments') return value;
  if (value !== null) return { ...(kept as object | undefined), ...(value as object) };
  const [[key, day]] = Object.entries(field.example!) as [[string, string]];
  throw misused({
    problem: 'invalid_pair',
    option: optionOf(name),
    text: texts.find((text) => valueIn(field.kind, [text]) === null)!,
    form: field.option!.slice(1, -1).toUpperCase(),
    example: `${key}=${day}`,
  });
}

function indexUrlsOf(options: BeyondOptions, table: ToolTable): string[] {
  const { index } = options;
  const named = givenTo(options, 'index') ?? [];
  if (index === false) {
    if (named.length === 0) return [];
    throw misused({ problem: 'contradiction', options: ['--no-index', '--index-url'] });
  }
  // The named indexes go before PyPI, which has everything.
  if (index === true || named.length > 0) return [...named, ...(index === true ? [PYPI] : [])];
  return variable('index') ?? table.index ?? [];
}

/** What the environment has: of a list, its words, of which only paths may contain spaces. */
function variable(name: GivenField): string[] | undefined {
  const field: Field = GIVEN_FIELDS[name];
  const text = process.env[variableOf(name, field)];
  if (!text) return undefined;
  if (!isList(field.kind) && field.kind !== 'index') return [text];
  return text.split(field.option === '<folder>' ? /,/ : /[\s,]+/).filter((one) => one !== '');
}
