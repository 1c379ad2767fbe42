/** The branches of an `if` that do not run on a target, of which the version of Python and the platform are known. */
import { evaluateMarker, markerEnvironment, parseMarker } from '../requirements/marker.ts';
import type { Host, ScannedFile } from './project.ts';
import type { Words } from './tokens.ts';

const MAJOR = /^sys\.version_info(?:\.major| \[ 0 \]) ([=!]=|[<>]=?) (\d{1,3})$/;
const VERSION =
  /^sys\.version_info (\[ : 2 \] )?([=!]=|[<>]=?) \( (\d{1,3}) ,(?: (\d{1,3})(?: , (\d{1,3}))?(?: ,)?)? \)$/;
const TEXT = /^(\S+(?: \( \))?) (==|!=|in [([{]|not in [([{]) ([^()[\]{}]+?)(?: ,)?(?: [)\]}])?$/;
const PREFIX = /^(\S+)\.startswith \( (?:\( )?([^()]+?)(?: ,)?(?: \))? \)$/;
const LITERALS = /^(?:"[\w.-]*"|'[\w.-]*')(?: , (?:"[\w.-]*"|'[\w.-]*'))*$/;

const OPPOSITES: Record<string, string> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};
/** Signs for the version in place of those for `sys.version_info`, which is longer than that version and never equal to it. */
const NEVER_EQUAL: Record<string, string> = { '>': '>=', '>=': '>=', '<': '<', '<=': '<' };

/** The variables of markers, by their names in Python. */
const VARIABLES: ReadonlyMap<string, string> = new Map([
  ['os.name', 'os_name'],
  ['platform.python_implementation ( )', 'platform_python_implementation'],
  ['platform.system ( )', 'platform_system'],
  ['sys.implementation.name', 'implementation_name'],
  ['sys.platform', 'sys_platform'],
]);

/** Longer tests are not read. */
const MOST_WORDS = 200;

/** Whether a test is about a module that markers know. Most are not, and reading all takes a fourth of a scan's time. */
export function mayHaveMarker(test: Words, moduleOf: (name: string) => string): boolean {
  return test.some(({ text }) => /^(?:sys|os|platform)\b/.test(moduleOf(text)));
}

/**
 * The marker of requirements that holds if a test has an outcome, as far as that follows; null if nothing does.
 * @param moduleOf what a dotted name of the file stands for
 */
export function markerOf(test: Words, outcome: boolean, moduleOf: (name: string) => string): string | null {
  const [first] = test;
  if (!first || test.length > MOST_WORDS || test.some(({ text }) => /^(?:if|lambda)$/.test(text)))
    return null;
  const outside = (word: string) =>
    test.findIndex(({ text, depth }) => text === word && depth === first.depth);
  const or = outside('or');
  const at = or < 0 ? outside('and') : or;
  if (at >= 0) {
    const terms = [test.slice(0, at), test.slice(at + 1)];
    const markers = terms.map((term) => markerOf(term, outcome, moduleOf));
    const known = markers.filter((marker) => marker !== null);
    const needsBoth = outcome === or < 0;
    if (known.length === 0 || (known.length === 1 && !needsBoth)) return null;
    return known.map((marker) => `(${marker})`).join(needsBoth ? ' and ' : ' or ');
  }
  if (first.text === 'not') return markerOf(test.slice(1), !outcome, moduleOf);
  if (first.text === '(' && outside(')') === test.length - 1)
    return markerOf(test.slice(1, -1), outcome, moduleOf);
  const words = test.map(({ text }) => text).join(' ');
  return comparison(words.replaceAll(' . ', '.').replace(/^[\w.]+/, moduleOf), outcome);
}

/** @param text the words of a comparison, with a space between each two */
function comparison(text: string, outcome: boolean): string | null {
  const signOf = (sign: string) => (outcome ? sign : OPPOSITES[sign]!);
  const [, order = '', major] = MAJOR.exec(text) ?? [];
  if (major !== undefined) {
    const rounded = NEVER_EQUAL[order];
    if (!rounded) return `python_full_version ${signOf(order)} "${major}.*"`;
    return `python_full_version ${signOf(rounded)} "${Number(major) + (order === rounded ? 0 : 1)}"`;
  }
  const [, isShort, operator = '', ...parts] = VERSION.exec(text) ?? [];
  const version = parts.filter((part) => part !== undefined).join('.');
  if (isShort && /^\d+\.\d+$/.test(version)) return `python_version ${signOf(operator)} "${version}"`;
  const rounded = NEVER_EQUAL[operator];
  if (!isShort && rounded) return `python_full_version ${signOf(rounded)} "${version}"`;
  const [, prefixed = '', prefixes = ''] = PREFIX.exec(text) ?? [];
  const [, name = prefixed, sign = '', texts = prefixes] = TEXT.exec(text) ?? [];
  const variable = VARIABLES.get(name);
  if (!variable || !LITERALS.test(texts)) return null;
  const isOne = outcome !== /^(?:!|not)/.test(sign);
  // No other platform's name is a part of Emscripten's.
  const markers = texts
    .split(' , ')
    .map((value) =>
      sign
        ? `${variable} ${isOne ? '==' : '!='} ${value}`
        : `${value} ${isOne ? 'in' : 'not in'} ${variable}`,
    );
  return markers.join(isOne ? ' or ' : ' and ');
}

/**
 * A file as a target runs it: without what is in branches that do not run there. Their imports stay, as those that
 * only type checkers see.
 */
export function fileOn(file: ScannedFile, { target }: Host): ScannedFile {
  if (file.branches.length === 0) return file;
  const environment = markerEnvironment(target.runtime);
  const fails = (marker: string) => {
    const parsed = parseMarker(marker);
    return parsed.ok && evaluateMarker(parsed.value, environment) === false;
  };
  const failing = new Set([...new Set(file.branches.flatMap(({ markers }) => markers))].filter(fails));
  const dead = new Set<number>();
  for (const { from, to, markers } of file.branches) {
    if (!markers.some((marker) => failing.has(marker))) continue;
    for (let line = from; line <= to; line++) dead.add(line);
  }
  if (dead.size === 0) return file;
  const runs = ({ line }: { line: number }) => !dead.has(line);
  const { imports, references, definitions, calls, environment: variables } = file;
  return {
    ...file,
    imports: imports.map((use) => (runs(use) ? use : { ...use, when: 'typing' })),
    references: references.filter(runs),
    definitions: definitions.filter(runs),
    calls: calls.filter(runs),
    environment: variables.filter(runs),
  };
}
