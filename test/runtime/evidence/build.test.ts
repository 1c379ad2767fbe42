/** `npm run evidence` in built Workers, on workerd: packages of a test's own, and pinned ones. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { EvidenceDocument } from '../../../resolver/evidence.ts';
import { makeWorld, type World } from './command.ts';
import { membersOf, NO_WHEELS, wheels } from './pinned.ts';

const FLAG = 'python_3.13_packages_2025_10_20';
if (wheels === null) console.log(NO_WHEELS);

describe('packages in Workers of their own', () => {
  let world: World;
  let document: EvidenceDocument;
  const resultOf = (name: string) => document.results.find((result) => result.name === name)!;
  const errorOf = (name: string) => resultOf(name).imports[0]!.error;

  beforeAll(async () => {
    world = await makeWorld({
      sound: { code: 'answer = 42\n' },
      user: {
        code: 'import js\nimport sound\n\nassert js.navigator.userAgent and sound.answer\n',
        depends: ['sound'],
      },
      lonely: { code: 'import sound\n' },
      leaves: { code: 'import js\njs.process.exit(0)\n' },
    });
    const ended = await world.run('--ground', 'build', '--seconds', '280');
    expect(ended.code, ended.stderr).toBe(0);
    document = await world.documentOf('build');
  });

  test('are imported, each with what it names and nothing else', () => {
    expect([errorOf('sound'), errorOf('user')]).toEqual([null, null]);
    expect(errorOf('lonely')!.type).toBe('ModuleNotFoundError');
    expect(resultOf('lonely').lacks).toEqual(['sound']);
    expect([document.ground, Object.keys(document.programs).sort()]).toEqual(['build', ['node', 'workerd']]);
  });

  test('end the build, which says so', () => {
    expect(resultOf('leaves').load.error).toEqual({
      type: 'BuildError',
      message: expect.stringContaining('It ended with 0, without a result.'),
    });
  });
});

test.skipIf(wheels === null)('pinned packages are imported, but for one that lacks another', async () => {
  const world = await makeWorld({}, { members: membersOf(FLAG, ['beautifulsoup4', 'msgpack', 'soupsieve']) });
  const { code, stdout, stderr } = await world.run('--ground', 'build', '--from', wheels!);
  expect(code, stderr).toBe(0);
  const { results } = await world.documentOf('build');
  const names = results.map(({ name }) => name);
  expect(names).toEqual(['beautifulsoup4', 'msgpack', 'soupsieve', 'typing-extensions']);
  expect(stdout).toContain("  soupsieve: ModuleNotFoundError: No module named 'bs4'\n");
  expect(stdout).toContain('2 of 2 pass their smoke line');
});
