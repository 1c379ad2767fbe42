/** The names of encodings that a source file may declare are those that CPython reads one by. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { decodeSource } from '../../../resolver/python/source.ts';

/** Every codec and alias, in several spellings, and whether CPython compiles a file that declares it. */
const ASK = `
import encodings, encodings.aliases, json, pkgutil
aliases = encodings.aliases.aliases
names = {*aliases, *aliases.values(), *(one.name for one in pkgutil.iter_modules(encodings.__path__))}
names |= {spelt for name in names for spelt in (name.replace("_", "-"), name.upper(), name.replace("_", "."))}
names |= {"latin-1-unix", "UTF-8-unix", "utf-8-sig", "utf8-sig", "iso-latin-1-dos", "u-t-f-8", "nonsense"}
def reads(name):
    try:
        compile(f"# coding: {name}\\nimport a\\n".encode("ascii"), "file", "exec")
    except Exception:
        return False
    return True
print(json.dumps({name: reads(name) for name in sorted(names)}))
`;

test('every name of an encoding is known if CPython knows it', async () => {
  const { stdout } = await promisify(execFile)('python3', ['-c', ASK]);
  const wanted = Object.entries(JSON.parse(stdout) as Record<string, boolean>);
  const found = wanted.map(([name]) => {
    const source = decodeSource(new TextEncoder().encode(`# coding: ${name}\nimport a\n`));
    return [name, source.ok && source.text.endsWith('import a\n')];
  });
  expect(found).toEqual(wanted);
  expect(wanted.length).toBeGreaterThan(1_000);
});
