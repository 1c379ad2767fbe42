/** Which files import which, as ARCHITECTURE.md says it under "Imports". */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { glob } from 'tinyglobby';
import { describe, expect, test } from 'vitest';
import { root } from '../../scripts/root.ts';

const FOLDERS = ['resolver', 'cli', 'registry', 'runtime', 'scripts'];
const files = await glob(`{${FOLDERS.join(',')}}/**/*.{ts,tsx,mjs}`, { cwd: root });

/** The files that each file imports, by `import()` too. */
const imports = new Map(files.map((file) => [file, importsOf(file)]));

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = text.matchAll(/(?:\bfrom\s*|^import\s*|\bimport\(\s*)'(\.[^']+)'/gm);
  const paths = [...found].map(([, path]) => join(dirname(file), path!));
  return [...new Set(paths)].filter((path) => FOLDERS.includes(path.split('/')[0]!) && exists(path));
}

/** Text that a file writes into a module of a Worker looks like an import. */
function exists(path: string): boolean {
  return existsSync(join(root, path));
}

const said = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
  .split('\n## ')
  .find((section) => section.startsWith('Imports\n'))!;

/** The rows of the table whose head begins with this word. */
function rowsOf(head: string): string[][] {
  const lines = said.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${head}`));
  const rest = lines.slice(start + 2);
  const end = rest.findIndex((line) => !line.startsWith('|'));
  return rest.slice(0, end < 0 ? rest.length : end).map((line) => {
    const cells = line.split('|').slice(1, -1);
    return cells.map((cell) => cell.trim());
  });
}

/** What stands between backticks. */
const names = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);

/** Each import that `isAllowed` does not allow, as `from → to`. */
function others(from: RegExp, isAllowed: (file: string, path: string) => boolean): string[] {
  const own = [...imports].filter(([file]) => from.test(file));
  return own.flatMap(([file, paths]) =>
    paths.filter((path) => !isAllowed(file, path)).map((path) => `${file} → ${path}`),
  );
}

test('folders import in one direction', () => {
  const rows = rowsOf('folder').map(([folder, may]) => [names(folder!)[0]!, names(may!)] as const);
  expect(rows.map(([folder]) => folder).sort()).toEqual(FOLDERS.map((folder) => `${folder}/`).sort());
  const allowed = new Map(rows);
  const wrong = others(/./, (file, path) => {
    const [from, to] = [file, path].map((module) => `${module.split('/')[0]}/`) as [string, string];
    return from === to || allowed.get(from)!.includes(to);
  });
  expect(wrong).toEqual([]);
});

describe('the parts of cli/', () => {
  const parts = rowsOf('part').map(([part]) => names(part!)[0]!);
  const partOf = (file: string) => parts.indexOf(`${file.split('/')[1]}/`);

  test('are all named, and import only parts below them', () => {
    const own = files.filter((file) => file.startsWith('cli/') && file !== 'cli/main.ts');
    expect(own.filter((file) => partOf(file) < 0)).toEqual([]);
    expect(parts.filter((_, at) => !own.some((file) => partOf(file) === at))).toEqual([]);
    const wrong = others(
      /^cli\/[^/]+\//,
      (file, path) => !path.startsWith('cli/') || partOf(path) >= partOf(file),
    );
    expect(wrong).toEqual([]);
  });

  test('are imported for printing by commands alone', () => {
    const isPrint = (path: string) => path.startsWith('cli/print/');
    const wrong = others(/^cli\/(?!main\.ts|commands\/|print\/)/, (_, path) => !isPrint(path));
    expect(wrong).toEqual([]);
  });
});

test('cli/ and registry/ import entries of the resolver, or internals that are named', () => {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    exports: Record<string, string | { default: string }>;
  };
  const entries = Object.values(exports).flatMap((exported) =>
    typeof exported === 'string' ? [] : exported.default.replace(/^\.\/dist\/(.*)\.js$/, 'resolver/$1.ts'),
  );
  const items = said.split('\n- ').slice(1);
  const internals = items.flatMap((item) => {
    const [place, ...listed] = names(item.split('\n\n')[0]!);
    return listed.map((name) => `${place}${name}.ts`);
  });
  const used = new Set(
    [...imports]
      .filter(([file]) => /^(?:cli|registry)\//.test(file))
      .flatMap(([, paths]) => paths)
      .filter((path) => path.startsWith('resolver/')),
  );
  for (const entry of entries) used.delete(entry);
  expect([...used].sort()).toEqual(internals.sort());
});

test('no files import each other in a circle', () => {
  const done = new Set<string>();
  const trail: string[] = [];
  const circles: string[] = [];
  const visit = (file: string) => {
    const at = trail.indexOf(file);
    if (at >= 0) circles.push([...trail.slice(at), file].join(' → '));
    if (at >= 0 || done.has(file)) return;
    done.add(file);
    trail.push(file);
    for (const path of imports.get(file) ?? []) visit(path);
    trail.pop();
  };
  for (const file of files) visit(file);
  expect(circles).toEqual([]);
});
