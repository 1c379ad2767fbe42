/** Files that a project names in its code, and that wrangler does not attach to its Worker. */
import { readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { isTable, type Table } from '../../../resolver/formats/table.ts';
import { settingIn } from '../../../resolver/formats/wrangler.ts';
import { edit, remark } from '../../../resolver/issues/fixes.ts';
import type { Finding } from '../../../resolver/python/index.ts';
import type { SourcePosition } from '../../../resolver/python/project.ts';
import { positionsOf, withLineFeeds } from '../../../resolver/python/scan.ts';
import { decodeSource } from '../../../resolver/python/source.ts';
import { Tokenizer, type Words } from '../../../resolver/python/tokens.ts';
import { groupedBy } from '../../../resolver/sorted-by.ts';
import { listed, printable } from '../../../resolver/text/printable.ts';
import { filesBelow, isSkippedFolder } from '../layout.ts';

interface Rule {
  type: string;
  globs: string[];
  fallthrough: boolean;
}

/** wrangler's own rules, which follow those of the project. */
const DEFAULT_RULES: readonly Rule[] = [
  { type: 'Text', globs: ['**/*.txt', '**/*.html', '**/*.sql'], fallthrough: false },
  { type: 'Data', globs: ['**/*.bin'], fallthrough: false },
];
/** The types of modules that workerd shows to Python as files. */
const FILE_TYPES = ['Data', 'Text'];
/** Hidden files, code, and what other rules attach. */
const ASIDE = /(?:^|\/)\.|\.(?:py|pyc|pyi|so|wasm)$/;

/** One finding for each extension, at the first name of such a file. `paths`: the Python files below `root` to read. */
export async function unattachedFindings(
  wrangler: string,
  tables: readonly Table[],
  root: string,
  paths: Iterable<string>,
): Promise<Finding[]> {
  const rules = rulesIn(tables);
  const missing = await unattachedFiles(root, rules);
  if (missing.size === 0) return [];
  const named: (SourcePosition & { file: string; path: string })[] = [];
  for (const path of paths)
    for await (const found of namedIn(join(root, path), missing)) named.push({ path, ...found });
  return [...groupedBy(named, ({ file }) => extname(file))].map(([extension, group]) => {
    const { file: first, ...place } = group[0]!;
    const files = new Set(group.map(({ file }) => file));
    const name = extension === '' ? basename(first) : `*${extension}`;
    const all = listed([...files].map(printable), 3);
    const message =
      files.size === 1
        ? `${all} is named here, but wrangler does not attach it to the Worker.`
        : `${all} are named here, but wrangler does not attach them to the Worker.`;
    const said = remark('warning', 'unattached_file', message, ruleFor(`**/${name}`, wrangler, rules));
    return { ...said, ...place };
  });
}

/** The rules that count: after one of a type that ends it, wrangler ignores the others of that type. */
function rulesIn(tables: readonly Table[]): Rule[] {
  const own = settingIn(tables, 'rules');
  const written = (Array.isArray(own) ? own : []).filter(isTable).map((rule): Rule => {
    const globs = Array.isArray(rule.globs) ? rule.globs.filter((glob) => typeof glob === 'string') : [];
    return { type: String(rule.type), globs, fallthrough: rule.fallthrough === true };
  });
  const ended = new Set<string>();
  return [...written, ...DEFAULT_RULES].filter(({ type, fallthrough }) => {
    const counts = !ended.has(type);
    if (!fallthrough) ended.add(type);
    return counts;
  });
}

/** The files that no rule attaches, by each part of their paths. */
type Missing = ReadonlyMap<string, { path: string }[]>;

async function unattachedFiles(root: string, rules: readonly Rule[]): Promise<Missing> {
  const { glob } = await import('tinyglobby');
  const patterns = rules.filter(({ type }) => FILE_TYPES.includes(type)).flatMap(({ globs }) => globs);
  const attached = new Set(await glob(patterns, { cwd: root, dot: true, expandDirectories: false }));
  const parts: { part: string; path: string }[] = [];
  for await (const { path } of filesBelow(root, (name) => !isSkippedFolder(name))) {
    if (attached.has(path) || ASIDE.test(path)) continue;
    for (const part of new Set(path.split('/'))) parts.push({ part, path });
  }
  return groupedBy(parts, ({ part }) => part);
}

/** Longer literals are skipped. */
const LONGEST = 1000;
const LITERAL = /^[rRuU]?("""|'''|"|')([^"'\\\n]+)\1$/;
/** Words before the name of a folder, from which an application serves or renders files. */
const FOLDER_OF = /^(?:directory|searchpath|static_folder|template_folder|FileSystemLoader|StaticFiles)$/;

/** The files that the literals of a Python file name: as paths, or as the ends of paths. */
async function* namedIn(source: string, missing: Missing): AsyncGenerator<SourcePosition & { file: string }> {
  const decoded = decodeSource(await readFile(source).catch(() => Buffer.of()));
  if (!decoded.ok) return;
  const text = withLineFeeds(decoded.text);
  const positionAt = positionsOf(text);
  for (const { words } of new Tokenizer(text).lines()) {
    for (const [at, { kind, text: word, from }] of words.entries()) {
      if (kind !== 'string' || word.length > LONGEST) continue;
      const value = LITERAL.exec(word)?.[2]?.replace(/^(?:\.?\/)+|\/+$/g, '') ?? '';
      const isIn = isFolderAt(words, at);
      for (const { path: file } of missing.get(value.slice(value.lastIndexOf('/') + 1)) ?? []) {
        const isNamed = isIn ? `/${file}`.includes(`/${value}/`) : `/${file}`.endsWith(`/${value}`);
        if (isNamed) yield { file, ...positionAt(from) };
      }
    }
  }
}

/** `directory="static"`, or the first argument of `StaticFiles(…)`, maybe with a path before it: `HERE / "static"`. */
function isFolderAt(words: Words, at: number): boolean {
  const { depth } = words[at]!;
  for (let before = at - 1; before >= 0 && words[before]!.depth >= depth - 1; before--) {
    const { text, kind } = words[before]!;
    if (text === ',') return false;
    if (kind === 'name' && FOLDER_OF.test(text)) return true;
  }
  return false;
}

/** The rule that attaches such files, in the language of the wrangler file. */
function ruleFor(glob: string, wrangler: string, rules: readonly Rule[]) {
  const own = rules.filter((rule) => !DEFAULT_RULES.includes(rule));
  const type = FILE_TYPES.find((type) => !own.some((rule) => rule.type === type && !rule.fallthrough));
  const file = basename(wrangler);
  if (type === undefined) return `Add "${glob}" to the globs of a rule of ${file}.`;
  const line = wrangler.endsWith('.toml')
    ? `[[rules]]\ntype = "${type}"\nglobs = ["${glob}"]\nfallthrough = true`
    : own.length > 0
      ? `{ "type": "${type}", "globs": ["${glob}"], "fallthrough": true }`
      : `"rules": [{ "type": "${type}", "globs": ["${glob}"], "fallthrough": true }]`;
  const place = own.length > 0 && !wrangler.endsWith('.toml') ? `the rules of ${file}` : file;
  return [edit(file, line, `Add to ${place}:\n${line}`)];
}
