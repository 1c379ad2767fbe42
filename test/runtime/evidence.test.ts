/** `npm run evidence` on built Workers: packages of a test's own, on workerd. */
import { expect, test } from 'vitest';
import { makeWorld } from '../scripts/evidence/command.ts';

test('packages are built into Workers and imported there, each with what it names and nothing else', async () => {
  const world = await makeWorld({
    sound: { code: 'answer = 42\n' },
    user: { code: 'import js\nimport sound\n\nassert js.navigator.userAgent\n', depends: ['sound'] },
    lonely: { code: 'import sound\n' },
  });
  const { code, stderr } = await world.run('--ground', 'build');
  expect(code, stderr).toBe(0);
  const { results, ground, programs } = await world.documentOf('build');
  expect([ground, Object.keys(programs).sort()]).toEqual(['build', ['node', 'workerd']]);
  const seen = results.map(({ name, load, imports, lacks }) => [
    name,
    load.error,
    imports[0]!.error?.type,
    lacks,
  ]);
  expect(seen).toEqual([
    ['lonely', null, 'ModuleNotFoundError', ['sound']],
    ['sound', null, undefined, []],
    ['user', null, undefined, []],
  ]);
  await world.remove();
});
