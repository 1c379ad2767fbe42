/** Every export has a doc comment, functions and classes with an example: these compile, and run with the results in their comments. */
import { beforeAll, describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { root } from '../../scripts/root.ts';
import { documentedExports, withAssertions } from './doc-comments.ts';
import { type Installed, installPackage, lend, STRICT } from './installed.ts';

/** Each entry of the package, with its module. */
const ENTRIES = Object.entries(packageJson.exports).flatMap(([entry, target]) =>
  typeof target === 'string'
    ? []
    : [
        {
          entry: entry.replace('.', 'pinwheel-py'),
          module: target.types
            .replace(/^\.\/dist\/(?!cli\/)/, 'resolver/')
            .replace(/^\.\/dist\/|\.d(?=\.ts$)/g, ''),
        },
      ],
);
const exported = (
  await Promise.all(ENTRIES.map(({ entry, module }) => documentedExports(entry, module)))
).flat();
const examples = exported.flatMap(({ entry, name, examples }) =>
  examples.map((code, at) => ({ file: `${entry.replace('/', '-')}-${name}-${at + 1}.ts`, code })),
);

/** Types have no code that could import them. */
const imports = ENTRIES.map(({ entry }) => {
  const names = exported.filter((each) => each.entry === entry).map(({ name }) => name);
  return `import type { ${names.join(', ')} } from '${entry}';\n`;
});

const TSCONFIG = { compilerOptions: { ...STRICT, resolveJsonModule: true }, include: ['*.ts'] };

/** Imports the examples one after the other, and prints what they throw. */
const RUNNER = `
const thrown = {};
for (const file of process.argv.slice(2)) {
  await import('./' + file).catch((error) => { thrown[file] = String(error.stack); });
}
console.log(JSON.stringify(thrown));
`;

let installed: Installed;
let thrown: Record<string, string>;
beforeAll(async () => {
  installed = await installPackage();
  for (const name of ['@types/node', 'undici-types', 'vite']) await lend(installed, name);
  const files = examples.map(({ file, code }) => [file, withAssertions(code)]);
  for (const [at, code] of imports.entries()) files.push([`entry-${at}.ts`, code]);
  await installed.write({ ...Object.fromEntries(files), 'tsconfig.json': JSON.stringify(TSCONFIG) });
  await installed.write({ 'runner.mjs': RUNNER });
  const { stdout } = await installed.run('node', ['runner.mjs', ...examples.map(({ file }) => file)]);
  thrown = JSON.parse(stdout);
});

describe.each(ENTRIES)('$entry', ({ entry }) => {
  const own = exported.filter((documented) => documented.entry === entry);

  test('exports what its source does', async () => {
    const code = `console.log(JSON.stringify(Object.keys(await import('${entry}'))))`;
    const { stdout } = await installed.run('node', ['--input-type=module', '-e', code]);
    const values = own.filter(({ isValue }) => isValue).map(({ name }) => name);
    expect(JSON.parse(stdout).sort()).toEqual(values.sort());
  });

  test.each(own)('$name has a doc comment, and if it can be called, an example', (each) => {
    expect(each.comment?.replace(/@example[\s\S]*/, '').trim() ?? '').not.toBe('');
    if (each.isCalled) expect(each.examples.length).toBeGreaterThan(0);
  });
});

test('no name has two meanings', () => {
  const files = Map.groupBy(exported, ({ name }) => name);
  const several = [...files].filter(([, ones]) => new Set(ones.map(({ file }) => file)).size > 1);
  // The one of the bundled data may be called without documents; package.test.ts assigns it to the other.
  expect(several.map(([name]) => name)).toEqual(['createResolver']);
});

test('the examples type-check', async () => {
  const { code, stdout } = await installed.run('node', [
    `${root}/node_modules/typescript/bin/tsc`,
    '-p',
    '.',
  ]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
});

test.each(examples)('$file has the results in its comments', ({ file, code }) => {
  expect(code, 'an example shows at least one value').toContain('; // → ');
  expect(thrown[file]).toBeUndefined();
});
