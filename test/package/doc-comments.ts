/** The doc comments of the public API, and their examples. */
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { root } from '../../scripts/root.ts';

export interface Documented {
  /** The entry of the package, such as `pinwheel-py/client`. */
  entry: string;
  name: string;
  /** The file that declares it. */
  file: string;
  /** Whether it exists at run time. */
  isValue: boolean;
  /** Whether it is a function or a class. */
  isCalled: boolean;
  /** The text of its doc comment, or null. */
  comment: string | null;
  /** The TypeScript of its `@example`s. */
  examples: string[];
}

/** Everything that an entry exports, by the path of its module. */
export async function documentedExports(entry: string, path: string): Promise<Documented[]> {
  const file = join(root, path);
  const text = await readFile(file, 'utf8');
  const found: Documented[] = [];
  for (const [, star, typeOnly, names, from] of text.matchAll(
    /^export (?:(\*)|(type )?\{([^}]*)\}) from '([^']+)';/gm,
  )) {
    const source = resolve(dirname(file), from!);
    if (star) {
      found.push(...(await documentedExports(entry, source.slice(root.length))));
      continue;
    }
    for (const name of names!.split(',').map((part) => part.trim())) {
      if (name === '') continue;
      const bare = name.replace(/^type /, '');
      const documented = await documentedIn(entry, source, bare);
      found.push({ ...documented, isValue: !typeOnly && bare === name });
    }
  }
  for (const [, kind, name] of text.matchAll(
    /^export (?:async )?(function|class|const|interface|type) (\w+)/gm,
  )) {
    if (found.some((known) => known.name === name)) continue;
    const isValue = kind !== 'interface' && kind !== 'type';
    found.push({ ...(await documentedIn(entry, file, name!)), isValue });
  }
  return found;
}

async function documentedIn(entry: string, file: string, name: string): Promise<Documented> {
  const text = await readFile(file, 'utf8');
  const declared = new RegExp(
    `^export (?:async )?(function|class|const|interface|type) ${name}\\b`,
    'm',
  ).exec(text);
  if (!declared) {
    const from = new RegExp(`^export (?:type )?\\{[^}]*\\b${name}\\b[^}]*\\} from '([^']+)';`, 'm').exec(
      text,
    );
    if (!from) throw new Error(`${file} does not declare ${name}`);
    return documentedIn(entry, resolve(dirname(file), from[1]!), name);
  }
  const comment = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n$/.exec(text.slice(0, declared.index))?.[1] ?? null;
  const lines = comment?.replace(/^[ \t]*\* ?/gm, '').trim() ?? '';
  const example = lines.indexOf('@example');
  const examples = example < 0 ? [] : [...lines.slice(example).matchAll(/```ts\n([\s\S]*?)```/g)];
  return {
    entry,
    name,
    file,
    isValue: true,
    isCalled: declared[1] === 'function' || declared[1] === 'class',
    comment: comment && lines,
    examples: examples.map((found) => found[1]!),
  };
}

/** Turns the comments `value; // → literal` of an example into assertions. */
export function withAssertions(example: string): string {
  const lines = example
    .split('\n')
    .map((line) => line.replace(/^(\s*)(.+?); \/\/ → (.+)$/, '$1assert.deepEqual($2, $3);'));
  return `import assert from 'node:assert/strict';\n${lines.join('\n')}`;
}
