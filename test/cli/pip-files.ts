/** Random trees of requirements files, as pip and this command line read them. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../../cli/common/failure.ts';
import { readSources } from '../../cli/project/sources/sources.ts';
import { newestPip } from '../clients/pip-wheels.ts';
import { newFolder, writeFiles } from '../common/own.ts';
import { requirement } from '../resolver/requirements/generate.ts';
import type { Random } from '../resolver/requirements/random.ts';

/** Files by their paths; the first is `r.txt`. */
export type Tree = Record<string, Buffer>;

/** Kind, path, line, text and hashes of each requirement; null if the tree is rejected. */
export type Found = [kind: string, path: string, line: number, text: string, hashes: string[]][];
export interface Reading {
  found: Found | null;
  refused: string | null;
}

function variable(name: string): string {
  return `\${${name}}`;
}

/** The environment variables of both. */
export const VARIABLES = {
  PW_NAME: 'six',
  PW_FILE: 'b.txt',
  PW_EMPTY: '',
  PW_NEST: `${variable('PW_NAME')} `,
};

const FILES = ['r.txt', 'a.txt', 'b.txt', 'sub/c.txt', 'sub/d.txt'];
const DIGEST = '4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274';
const ENDS = [
  ...['\n', '\n', '\n', '\r\n', '\r', '\v', '\f', '\x1c', '\x85', '\u2028'],
  ...[' \\\n', '\\\n', '\\\\\n', '\n\n'],
];
const PIECES = [
  ...[
    '-r',
    '-r ',
    '-c ',
    '--requirement',
    '--req',
    '--requirement=',
    '--constraint ',
    '-e ',
    '-e . ',
    '--pre',
  ],
  ...['--hash', `--hash=sha256:${DIGEST}`, '--hash=md5:00', '--no-index', '--index-url', '-i', '-C'],
  ...['--config-settings', '--frob', '-x', '--', '-', '--pr', '--pre=1', '--no-binary', ':all:', '#', ' #'],
  ...['# c', '"', "'", '\\', '\t', ' ', '  ', '\xa0', '\x1f', 'six', 'a.txt', 'b.txt', 'sub/c.txt'],
  ...['PW_NAME', 'PW_FILE', 'PW_EMPTY', 'PW_NEST', 'PW_NONE'].map(variable),
  ...['$PW_NAME', variable('pw'), 'é', '==1', '; python_version > "3"', '@ x', '-r b.txt -c a.txt'],
];

export function randomTree(random: Random): Tree {
  const texts = FILES.map((path, at): [string, Buffer] => [path, encoded(random, textOf(random, at))]);
  return Object.fromEntries(texts);
}

function textOf(random: Random, at: number): string {
  const lines = random.list(0, 5, () => {
    const kind = random.below(100);
    const line =
      kind < 40
        ? requirement(random)
        : kind < 62
          ? includeOf(random, at)
          : kind < 76
            ? `${requirement(random)} ${optionOf(random)}`
            : kind < 90
              ? `${optionOf(random)} ${includeOf(random, at)}`
              : random
                  .list(0, 5, () => random.pick(PIECES.filter((piece) => isLater(piece, at))))
                  .join(random.pick(['', ' ']));
    return line + random.pick(ENDS);
  });
  return lines.join('');
}

/** No file names an earlier one: pip would follow cycles endlessly. */
function isLater(piece: string, at: number): boolean {
  const text = piece.replace(variable('PW_FILE'), 'b.txt');
  return FILES.every((path, index) => index > at || !text.includes(path.replace('sub/', '')));
}

function includeOf(random: Random, at: number): string {
  const later = FILES.slice(at + 1);
  if (later.length === 0) return 'six';
  const from = dirname(FILES[at]!);
  const path = random.pick(later);
  const written = from === 'sub' ? path.replace('sub/', '') : path;
  const quoted = random.pick([written, written, `"${written}"`, `variable('written')`, `./${written}`]);
  return `${random.pick(['-r ', '-c ', '-r', '-c', '--requirement ', '--constraint=', '--requirem ', '--constr '])}${quoted}`;
}

function optionOf(random: Random): string {
  return random.pick([
    ...['--pre', '--no-index', '--index-url https://u:p@h/', '-i h', `--hash=sha256:${DIGEST}`],
    ...[`--hash sha256:${DIGEST}`, `--hash=sha512:${DIGEST}`, '--config-settings a=b', '-f links'],
    ...['--only-binary=:all:', '--trusted-host h', '# why'],
  ]);
}

/** In one of the encodings that pip detects by a byte order mark or a comment, mostly UTF-8. */
function encoded(random: Random, text: string): Buffer {
  const kind = random.below(100);
  if (kind < 70) return Buffer.from(text);
  if (kind < 76) return Buffer.from(`\ufeff${text}`);
  if (kind < 82) return Buffer.from(`\ufeff${text}`, 'utf16le');
  if (kind < 86) return Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
  if (kind < 90) return utf32BigEndian(text);
  const [line, encoding] = random.pick<[string, BufferEncoding]>([
    ['# -*- coding: latin-1 -*-\n', 'latin1'],
    ['\n# vim: set fileencoding=iso-8859-1 :\n', 'latin1'],
    ['# coding=utf-8\n', 'utf8'],
    ['# coding: ascii\n', 'utf8'],
    ['# coding: cp1252\n', 'latin1'],
    [' # coding: latin-1\n', 'utf8'],
    ['a\nb\n# coding: latin-1\n', 'utf8'],
  ]);
  return Buffer.from(line + text, encoding);
}

export function utf32BigEndian(text: string): Buffer {
  const points = [...`\ufeff${text}`].map((character) => character.codePointAt(0)!);
  const bytes = Buffer.alloc(points.length * 4);
  for (const [at, point] of points.entries()) bytes.writeUInt32BE(point, at * 4);
  return bytes;
}

const SCRIPT = fileURLToPath(new URL('../resolver/requirements/pip_oracle.py', import.meta.url));

export async function askPip(trees: readonly Tree[]): Promise<Reading[]> {
  const lines = trees.map((tree) => {
    const files = Object.fromEntries(
      Object.entries(tree).map(([path, bytes]) => [path, bytes.toString('base64')]),
    );
    return `${JSON.stringify({ files, variables: VARIABLES })}\n`;
  });
  const env = { ...(await newestPip()), PYTHONUTF8: '1' };
  const run = spawnSync('python3', [SCRIPT], {
    input: lines.join(''),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env,
  });
  if (run.status !== 0)
    throw new Error(`These tests need pip, as python3 -m pip: ${run.error?.message ?? run.stderr}`);
  return run.stdout
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { found = null, refused = null } = JSON.parse(line);
      return { found: found && onceEach(found), refused };
    });
}

/** A file is read once, even if it is named twice. */
function onceEach(found: Found): Found {
  return [
    ...new Map(found.map((requirement) => [JSON.stringify(requirement.slice(0, 3)), requirement])).values(),
  ];
}

export async function readTree(tree: Tree): Promise<Reading> {
  const folder = newFolder();
  try {
    await writeFiles(folder, tree);
    return { found: await foundIn(folder), refused: null };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { found: null, refused: error.message.replaceAll(`${folder}/`, '') };
  }
}

async function foundIn(folder: string): Promise<Found> {
  const { requirements, constraints } = await readSources({ requirements: [join(folder, 'r.txt')] });
  const listed = Object.entries({ requirements, constraints }).flatMap(([kind, entries]) =>
    entries.flatMap(({ text, where, hashes = [], ...entry }): Found[number][] => {
      // The answers of pip have no folders of `-e`.
      if ('written' in entry) return [];
      const [, path, line] = /^(.*), line (\d+)$/s.exec(where)!;
      return [[kind, path!.replace(`${folder}/`, ''), Number(line), text, [...hashes].sort()]];
    }),
  );
  return listed;
}

/** By kind and position: pip mixes requirements and constraints, and Pinwheel does not. */
export function sorted(found: Found | null): Found | null {
  const key = ([kind]: Found[number]) => (kind === 'requirements' ? 0 : 1);
  return found?.toSorted((a, b) => key(a) - key(b)) ?? null;
}
