/** Random versions, specifiers, markers and requirements: mostly well-formed, and similar enough to match. */
import type { Random } from './random.ts';

const SEPARATORS = ['', '', '', '.', '-', '_'] as const;
const PRE = ['a', 'b', 'rc', 'c', 'alpha', 'beta', 'pre', 'preview', 'A', 'RC', 'Beta'] as const;
const POST = ['post', 'post', 'rev', 'r', 'POST'] as const;
const LARGE = ['9007199254740992', '9007199254740993', '12345678901234567890', '12345678901234567891'];
const LOCAL = [...'1 01 2 10 abc ABC ubuntu 1e5 100000 0x10 16 infinity a1'.split(' '), ...LARGE];
const OPERATORS = ['==', '==', '!=', '<=', '>=', '<', '>', '~=', '~=', '==='] as const;
const WHITE = [' ', ' ', '  ', '\t'] as const;

function number(random: Random): string {
  if (random.chance(3)) return random.pick(LARGE);
  return random.chance(10) ? String(random.below(2000)) : String(random.below(4));
}

export function version(random: Random): string {
  const separated = (word: string) =>
    random.pick(SEPARATORS) + word + random.maybe(80, () => random.pick(SEPARATORS) + number(random));
  return [
    random.maybe(5, () => random.pick(['v', 'V'])),
    random.maybe(10, () => `${random.below(3)}!`),
    random.list(1, 4, () => number(random)).join('.'),
    random.maybe(25, () => separated(random.pick(PRE))),
    random.maybe(20, () => (random.chance(20) ? `-${number(random)}` : separated(random.pick(POST)))),
    random.maybe(20, () => separated(random.pick(['dev', 'dev', 'DEV']))),
    random.maybe(
      20,
      () => `+${random.list(1, 3, () => random.pick(LOCAL)).join(random.pick(['.', '-', '_']))}`,
    ),
  ].join('');
}

/** A version that is often the other one, or nearly. */
export function neighbour(random: Random, other: string): string {
  if (random.chance(25)) return version(random);
  const steps = [
    () => other,
    () => other,
    () => other,
    () => `${other}.0`,
    () => `${other}.post1`,
    () => `${other}rc1`,
    () => `${other}.dev1`,
    () => `${other}+local.1`,
    () => other.replace(/\+.*/, ''),
    () => other.replace(/[.+][^.+]*$/, ''),
    () => other.replace(/\d+/, (digits) => String(BigInt(digits) + 1n)),
    () => other.replace(/\d+$/, (digits) => String(BigInt(digits) + 1n)),
    () => other.replace(/(\d)[a-z.].*/i, '$1'),
  ];
  return random.pick(steps)();
}

function space(random: Random): string {
  return random.maybe(15, () => random.pick(WHITE));
}

export function specifier(random: Random, near = version(random)): string {
  const operator = random.pick(OPERATORS);
  let written = neighbour(random, near);
  // An operator mostly gets a version that it allows; others have to be rejected.
  const takesLocal = operator === '==' || operator === '!=';
  if (!takesLocal && random.chance(95)) written = written.replace(/\+.*/, '');
  if (operator === '~=' && random.chance(90))
    written = written.replace(/^(v?(?:\d+!)?\d+)(?![.\d])/i, '$1.0');
  if (random.chance(takesLocal ? 40 : 2))
    written = `${written.replace(/[^\d.!].*/, '').replace(/\.+$/, '')}.*`;
  if (operator === '===' && random.chance(40))
    written = random.pick(['anything', '1.0;x', '1.0,<2', '', 'a b']);
  return operator + space(random) + written;
}

export function specifierSet(random: Random, near?: string): string {
  const count = random.chance(3) ? 0 : random.pick([1, 1, 1, 2, 2, 3]);
  const parts = random.list(count, count, () => specifier(random, near));
  return parts.map((part) => space(random) + part + space(random)).join(',') + random.maybe(3, () => ',');
}

const VARIABLES = [
  ...`python_version python_version python_full_version implementation_version platform_release os_name
    sys_platform platform_machine platform_system platform_version platform_python_implementation
    implementation_name extra extra os.name sys.platform platform.version platform.machine
    platform.python_implementation python_implementation extras dependency_groups platform.release
    python.version`.split(/\s+/),
];
const LITERALS = [
  ...`3.12 3.13 3.13.2 3 3.* 3.1 4.0.9 3.13rc1 3.14.0b1 =3.13 three posix nt emscripten CPython cpython wasm32
    x86_64 #1 Foo_Bar foo-bar test os_name python_version extra größe`.split(/\s+/),
  ...[' 3.13 ', '2.7 3.12 3.13', '', 'linux win32 emscripten', "it's"],
];
const SIGNS = ['==', '==', '!=', '<', '<=', '>', '>=', '~=', '===', 'in', 'not in', 'not  in'] as const;

function operand(random: Random, variable: boolean): string {
  if (variable) return random.pick(VARIABLES);
  const literal = random.chance(15) ? version(random) : random.pick(LITERALS);
  const quote = literal.includes("'") || random.chance(60) ? '"' : "'";
  return quote + literal + quote;
}

function comparison(random: Random): string {
  const variableFirst = random.chance(75);
  const sign = random.pick(SIGNS);
  const gap = sign.endsWith('in') ? ' ' : space(random);
  const left = operand(random, variableFirst);
  const right = operand(random, variableFirst ? random.chance(5) : random.chance(90));
  return space(random) + left + gap + sign + gap + right + space(random);
}

export function marker(random: Random, depth = 0): string {
  const terms = random.list(1, random.chance(30) ? 3 : 1, () =>
    depth < 4 && random.chance(15)
      ? `${space(random)}(${marker(random, depth + 1)})${space(random)}`
      : comparison(random),
  );
  return terms.reduce((left, right) => `${left} ${random.pick(['and', 'or'])} ${right}`);
}

export const environments: readonly Record<string, string>[] = [
  { python: '3.12.7', release: '3.1.58', system: 'Emscripten', platform: 'emscripten', extra: '' },
  { python: '3.13.2', release: '4.0.9', system: 'Emscripten', platform: 'emscripten', extra: 'foo-bar' },
  { python: '3.14.0b1', release: '6.1.0-13-amd64', system: 'Linux', platform: 'linux', extra: 'os-name' },
  { python: '2.7.18', release: '', system: 'Windows', platform: 'win32', extra: 'Foo_Bar' },
].map(({ python, release, system, platform, extra }) => ({
  implementation_name: 'cpython',
  implementation_version: python,
  os_name: platform === 'win32' ? 'nt' : 'posix',
  platform_machine: platform === 'emscripten' ? 'wasm32' : 'x86_64',
  platform_python_implementation: 'CPython',
  platform_release: release,
  platform_system: system,
  platform_version: '#1',
  python_full_version: python,
  python_version: python.split('.').slice(0, 2).join('.'),
  sys_platform: platform,
  extra,
}));

const NAMES = ['a', 'numpy', 'Pydantic_Core', 'ruamel.yaml', 'A--b.._c', 'x1', '0', 'zope.interface', 'foo_'];

function name(random: Random): string {
  return random.pick(NAMES);
}

export function requirement(random: Random): string {
  const extras = () => `[${random.list(0, 3, () => space(random) + name(random) + space(random)).join(',')}]`;
  const set = () => (random.chance(20) ? `(${specifierSet(random)})` : specifierSet(random));
  return [
    space(random),
    name(random),
    space(random),
    random.maybe(30, extras),
    space(random),
    random.maybe(70, set),
    space(random),
    random.maybe(35, () => `;${marker(random)}`),
    space(random),
  ].join('');
}

const FRAGMENTS = [
  ...'()[]<>=!~,;@#"\'\\+-_.* \t\n\r\0\x0b\x1c\x85\xa0\u2003\ufeffaéſK0٣😀/:',
  ...'.* == === and or not in -- extra 1.0'.split(' '),
];

/** The text with one to three small mistakes. */
export function mutate(random: Random, text: string): string {
  return random
    .list(1, 3, () => 0)
    .reduce((mutant) => {
      const at = random.below(mutant.length + 1);
      const removed = random.chance(60) ? random.below(3) : 0;
      return (
        mutant.slice(0, at) + random.maybe(70, () => random.pick(FRAGMENTS)) + mutant.slice(at + removed)
      );
    }, text);
}
