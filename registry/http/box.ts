/** Reads the text in the box of a page: the only place with these rules. */
import { parse as parseToml } from 'smol-toml';
import { isPackageFlag } from '../../resolver/compatibility/package-set.ts';
import { isTable, type Table, tableAt } from '../../resolver/formats/table.ts';
import { isListOfText } from '../../resolver/formats/wrangler.ts';
import type { Issue } from '../../resolver/issue.ts';
import type { malformedPyproject } from '../../resolver/issues/files.ts';
import { invalidParameter } from '../../resolver/issues/question.ts';
import type { Scan } from '../../resolver/python/project.ts';
import { readWranglerForm, splitFlags } from './form.ts';
import type { Form } from './question.ts';

/** The parts of a text, each as it was written. */
export interface Box {
  /** Requirements, one on each line; a bare name may be that of a module, dotted or not. */
  requirements: string;
  /** Compatibility dates: that of the Worker, and then the one that it moves to. */
  dates: string[];
  flags: string[];
  /** A wrangler file, whole. */
  wrangler: string;
  /** Problems with parts that could not be read. */
  issues: Issue[];
}

/** The most characters of a text that is a part of an address. */
export const LONGEST_LINE = 300;

const WRANGLER = /(?:^[ \t{]*|[{,][ \t]*)["']?compatibility_(?:date|flags)["']?[ \t]*[:=]/m;
/** A `pyproject.toml`, or a lock, whose packages are tables of a list. */
const PYPROJECT =
  /^[ \t]*(?:\[(?:project|dependency-groups|build-system|tool\.[\w.-]+)\]|\[\[packages?\]\])/m;
const CODE = /^[ \t]*(?:import[ \t]+[A-Za-z_]|from[ \t]+\.*[A-Za-z_][\w.]*[ \t]+import\b)/m;
/** How tools are told to install what follows. */
const TOOLS =
  '(?:uv[ \\t]+)?pip[\\d.]*[ \\t]+install|(?:uv|poetry|pdm)[ \\t]+add|(?:pipenv|conda)[ \\t]+install|' +
  'pinwheel(?:-py)?[ \\t]+(?:add|audit|resolve|vendor)';
/** A command that installs packages, in a shell, a notebook or a Dockerfile, with the lines on which it goes on. */
const INSTALL = new RegExp(
  `^[ \\t]*(?:[$!%][ \\t]*|RUN[ \\t]+)?(?:python[\\d.]*[ \\t]+-m[ \\t]+|npx[ \\t]+)?(?:${TOOLS})((?:[ \\t](?:\\\\\\n|.)*)?)$`,
  'gm',
);
/** The operator between two commands of a line. */
const THEN = /\s(?:&&|\|\|)\s/;
/** The beginning of a word that ends a command. */
const END = /^[;|#]/;
/** Options that name other files or folders to install, as lines of a requirements file do. */
const OTHER_FILES = /^(?:-[rce]|--(?:requirements?|constraints?|editable))(.*)$/;
/** Options with a value that says how or where to install, and not what. */
const VALUED = new Set([
  ...['-t', '-i', '-f', '-p', '-G', '-C', '--target', '--prefix', '--directory', '--env', '--as-of'],
  ...['--python', '--python-version', '--platform', '--implementation', '--abi'],
  ...['--only-binary', '--no-binary', '--group', '--extra', '--optional', '--exclude-newer'],
  ...['--index', '--index-url', '--extra-index-url', '--default-index', '--find-links'],
]);
/** The page of a project on PyPI, perhaps of one of its versions. */
const PROJECT_PAGE =
  /(?<=^|\s)https?:\/\/pypi\.org\/project\/([\w.-]+)(?:\/([\w.!+-]+))?\/?(?:#\S*)?(?=\s|$)/gm;
/** A word as a shell has it, perhaps in quotes. */
const SHELL_WORD = /"[^"\n]*"|'[^'\n]*'|\S+/g;
const DATE = /^\d{4}-\d{1,2}-\d{1,2}$/;
/** Flags that no workerd has are flags too, so that an answer says so. */
const PYTHON_FLAG = /^(?:no_)?(?:disable_)?python_(?:\d|[a-z]+$|workers)/;
/** Words between the parts of a sentence. */
const JOINING = new Set(['and', 'at', 'from', 'in', 'on', 'since', 'to', 'until', 'with', '→', '->', '–']);

/** A requirement on a line with others: a name, its extras, and versions that may have spaces around them. */
const WORD =
  /[\w.-]+\s*\([^()]*\)|[^\s,[]*\[[^\][]*\](?:\s*[<>=!~]+\s*[^\s,]+(?:\s*,\s*[<>=!~]+\s*[^\s,]+)*)?|[^\s,<>=!~]+\s*[<>=!~]+\s*[^\s,]+(?:\s*,\s*[<>=!~]+\s*[^\s,]+)*|[^\s,]+/g;
/** A line that is a requirement and nothing of a TOML or JSON file. */
const REQUIREMENT = /^\s*[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\]\s*)?(?:(?:[<>!~]=?|==)[^=].*|;.*|@.*)?$/;

/** How Python says that it has not found a module. */
const NOT_FOUND = /^.*\bNo module named '([\w.]+)'.*$/gm;
/** The head of the table of `pip list`. */
const HEAD = /^Package[ \t]+Version\b.*\n-[- \t]*$/m;
/** A version behind a name, as people and `pip list` write it. */
const VERSION = /(?<=^|[\s,])([a-z](?:[\w.-]*\w)?(?:\[[^\][]*\])?)[ \t]+(\d+(?:\.\d+)+)(?=[\s,]|$)/gi;
/** A Python or a Pyodide in the place of a requirement. */
const RUNTIME = /^(py(?:thon)?|pyodide)(?:-?| *={1,2} *)(\d+(?:\.\d+)+)(?:\.\*)?$\n?/gim;

/** Markers, URLs, options and comments belong to their line, which no other requirement can share. */
const WHOLE_LINE = /[;@#]|^\s*-|\s--hash\b|\\$/;
/** The end of a line of Python that goes on. */
const OPEN = /(?:^|\s)(?:import|from|as)$|[,.(\\]$/;

/**
 * The knowledge of a reader: the compatibility flags of workerd, how to read code, and what is wrong with a
 * `pyproject.toml`, for which browsers have no room.
 */
export interface Known {
  flags: { has(flag: string): boolean };
  scan: (code: string) => Scan;
  malformed?: typeof malformedPyproject;
  /**
   * The flags, with those of the box, that run a Pyodide, or one with that Python; null if none do. Those that workerd has
   * are `known`, if it has no such version.
   */
  flagsFor?: (name: 'python' | 'pyodide', version: string, box: Box) => Running | null;
}

type Running = { flags: readonly string[] } | { known: readonly string[] };

export const isWrangler = (text: string): boolean => WRANGLER.test(text);

export const isCode = (text: string): boolean =>
  CODE.test(text) && !WRANGLER.test(text) && !PYPROJECT.test(text);

export function readBox(written: string, { flags, scan, malformed, flagsFor }: Known): Box {
  // Forms send the line ends of RFC 2046.
  const text = written.replace(/\r\n?/g, '\n');
  const box: Box = { requirements: '', dates: [], flags: [], wrangler: '', issues: [] };
  const isFlag = (word: string) => isPackageFlag(word) || PYTHON_FLAG.test(word) || flags.has(word);
  /** Takes the dates and flags of a line, and returns the other words. */
  const others = (words: readonly string[]) =>
    words.filter((word) => {
      if (DATE.test(word)) box.dates.push(word);
      else if (isFlag(word)) box.flags.push(word);
      else return words.length === 1 || !JOINING.has(word.toLowerCase());
      return false;
    });
  const requirementsIn = (text: string): string => {
    const lines = text
      .replace(INSTALL, (_, words: string) => others(installedBy(words)).join('\n'))
      .replace(NOT_FOUND, '$1')
      .replace(HEAD, '')
      .replace(PROJECT_PAGE, (_, name, version) => (version ? `${name}==${version}` : name))
      .split('\n');
    const isFile = lines.filter((line) => line.trim() !== '').length > 1;
    const kept = lines.map((line) => {
      if (WHOLE_LINE.test(line)) return line;
      const joined = line.replace(VERSION, '$1==$2.*');
      const words = joined.match(WORD) ?? [];
      const rest = others(words);
      return isFile && rest.length === words.length ? joined : rest.join(isFile ? ' ' : '\n');
    });
    return kept.join('\n').trim() === '' ? '' : kept.join('\n');
  };
  /** Takes the dates and flags that no Python has: those of a line of their own, and after an import. */
  const codeIn = (line: string): string => {
    const isImport = CODE.test(line);
    const words = line.match(/\S+/g) ?? [];
    const isTaken = (word: string) => DATE.test(word) || isFlag(word) || JOINING.has(word);
    const end = words.findLastIndex((word) => !isTaken(word)) + 1;
    const rest = words.slice(0, end).join(' ');
    if (rest === '' ? /^\s/.test(line) : !isImport || OPEN.test(rest)) return line;
    others(words.slice(end));
    return rest;
  };
  if (isCode(text)) {
    const code = text.split('\n').map(codeIn).join('\n');
    box.requirements = modulesIn(scan(code)).join('\n');
  } else {
    const [wrangler, project] = filesIn(text);
    const [settings, listing] = [apart(wrangler), apart(project)];
    const isFile = wrangler + project !== '';
    const written = isFile ? [...settings.lines, ...listing.lines].join('\n') : text;
    const listed = project === '' ? [] : listedIn(listing.file, malformed, box);
    box.wrangler = settings.file;
    box.requirements = [...listed, requirementsIn(written) || []].flat().join('\n');
  }
  box.requirements = box.requirements.replace(RUNTIME, (line, name: string, version: string) => {
    const isPyodide = /^pyo/i.test(name);
    const running = flagsFor?.(isPyodide ? 'pyodide' : 'python', version, box);
    if (!running) return line;
    if ('flags' in running) {
      box.flags = [...running.flags];
      return '';
    }
    // A package has that name.
    if (/^py$/i.test(name)) return line;
    const field = `${isPyodide ? 'Pyodide' : 'Python'} of workerd`;
    box.issues.push(
      invalidParameter({ problem: 'not_among', field, given: version, known: [...running.known] }),
    );
    return '';
  });
  const most = box.wrangler === '' ? 2 : 1;
  if (box.dates.length > most) {
    box.issues.push(invalidParameter({ problem: 'too_many_dates', dates: box.dates, most }));
  }
  return box;
}

/** The words of an installing command that say what to install, each for a line of its own. */
function installedBy(command: string): string[] {
  const [own = '', ...others] = command.replaceAll('\\\n', ' ').split(THEN);
  const words = own.match(SHELL_WORD) ?? [];
  const end = words.findIndex((word) => END.test(word));
  const named: string[] = [];
  const files: string[] = [];
  for (let at = 0; at < (end < 0 ? words.length : end); at++) {
    const word = words[at]!;
    const file = OTHER_FILES.exec(word);
    if (file) files.push(file[1] === '' ? `${word} ${words[++at] ?? ''}` : word);
    else if (VALUED.has(word)) at++;
    else if (!word.startsWith('-')) named.push(word.replace(/^(["'])(.*)\1$/, '$2'));
  }
  const more = others.flatMap((other) => [...other.matchAll(INSTALL)]);
  // Files are first, so that remarks on them name the line of the command.
  return [...files, ...named, ...more.flatMap(([, words = '']) => installedBy(words))];
}

/** The wrangler file and the `pyproject.toml` in a text, each empty if it has none. */
function filesIn(text: string): [wrangler: string, project: string] {
  const [settings, project] = [text.search(WRANGLER), text.search(PYPROJECT)];
  if (settings < 0) return ['', project < 0 ? '' : text];
  if (project < 0) return [text, ''];
  if (settings < project) return [text.slice(0, project), text.slice(project)];
  const cut = text.lastIndexOf('\n\n', settings);
  return cut > project ? [text.slice(cut), text.slice(0, cut)] : [text, ''];
}

/** Requirements, dates and flags above or below a file make it none, so they are taken from it. */
function apart(text: string): { file: string; lines: string[] } {
  // A text of several lines in a file may have a secret, which is not to become a requirement.
  if (/"""|'''/.test(text) || typeof parsedToml(text) !== 'string') return { file: text, lines: [] };
  const lines = text.split('\n');
  const isTaken = (line: string) => line.trim() !== '' && REQUIREMENT.test(line);
  return { file: lines.filter((line) => !isTaken(line)).join('\n'), lines: lines.filter(isTaken) };
}

/** The tables, or what is wrong: without the lines of the text, which may contain secrets. */
function parsedToml(text: string): Table | string {
  try {
    return parseToml(text);
  } catch (error) {
    return error instanceof RangeError ? 'it is nested too deep' : (error as Error).message.split('\n')[0]!;
  }
}

export function tablesOf(text: string): Table {
  const tables = parsedToml(text);
  return typeof tables === 'string' ? {} : tables;
}

/** The dependencies of a `pyproject.toml` that has to have some. Its package set is a flag of the box. */
function listedIn(text: string, malformed: Known['malformed'], { flags, issues }: Box): string[] {
  const file = 'pyproject.toml';
  const tables = parsedToml(text);
  if (typeof tables === 'string') {
    if (malformed) issues.push(malformed({ problem: 'not_parsed', file, detail: tables }));
    return [];
  }
  flags.push(...packageSetIn(tables));
  const project = tableAt(tables, 'project');
  const locked = lockedIn(tables);
  if (locked.length > 0) return locked;
  if (!malformed) return dependenciesIn(tables);
  if (!project) {
    const poetry = tableAt(tables, 'tool', 'poetry') !== undefined;
    issues.push(malformed({ problem: 'no_project', file, poetry }));
  } else if (project.dependencies !== undefined && !isListOfText(project.dependencies)) {
    issues.push(malformed({ problem: 'no_list', field: `project.dependencies of ${file}` }));
  }
  return dependenciesIn(tables);
}

/** The packages of a lock of uv, Poetry, PDM or PEP 751, without the project that it is of. */
function lockedIn({ package: list, packages = list }: Table): string[] {
  const locked = Array.isArray(packages) ? packages.filter(isTable) : [];
  return locked.flatMap(({ name, version, marker, source }) => {
    const isOwn = isTable(source) && ('virtual' in source || 'editable' in source);
    if (isOwn || typeof name !== 'string' || typeof version !== 'string') return [];
    return `${name}==${version}${typeof marker === 'string' ? `; ${marker}` : ''}`;
  });
}

/** The dependencies of a `pyproject.toml`. */
export function dependenciesIn(project: Table): string[] {
  const list = tableAt(project, 'project')?.dependencies;
  return Array.isArray(list) ? list.filter((requirement) => typeof requirement === 'string') : [];
}

/** The package flag of a `pyproject.toml` that has one for `pinwheel`. */
export function packageSetIn(project: Table): string[] {
  const flag = tableAt(project, 'tool', 'pinwheel')?.['package-set'];
  return typeof flag === 'string' && isPackageFlag(flag) ? [flag] : [];
}

/** The modules that code imports, without those whose names no package can have. */
function modulesIn({ imports }: Scan): string[] {
  const taken = imports.filter(({ level, when }) => level === 0 && when !== 'typing');
  return [...new Set(taken.map(({ module }) => module))].filter((module) => !module.startsWith('_'));
}

export interface BoxForm extends ReturnType<typeof readWranglerForm> {
  /** The fields, with what the box has in their places. */
  form: Form;
  /** Null without a box. */
  box: Box | null;
  /** The text of the box, if it could not be understood. */
  text: string | undefined;
}

/** Requirements that are changed or removed one by one replace the text of the box, if that is as it `was`. */
export function withChips(given: Form): Form {
  const [[text], [was]] = [given.getAll('q'), given.getAll('was')];
  if (was === undefined) return given;
  // By its place, as its text may have been changed, too.
  const [without] = given.getAll('without');
  const chips = given.getAll('requirement').filter((text, at) => text !== '' && String(at) !== without);
  const written = new Map([
    ['q', [text === was ? boxOf(chips as string[]) : text]],
    ['requirement', []],
  ]);
  return { getAll: (name) => written.get(name) ?? given.getAll(name) };
}

/** Requirements as the box has them: on one line, if none needs its own. */
export function boxOf(requirements: readonly string[]): string {
  return requirements.join(requirements.some((text) => WHOLE_LINE.test(text)) ? '\n' : ' ');
}

export function readBoxForm(form: Form, known: Known, today: string): BoxForm {
  const given = withChips(form);
  const [text] = given.getAll('q');
  const box = typeof text === 'string' ? readBox(text, known) : null;
  const asked = understood(given, box);
  const read = readWranglerForm(asked, today, box?.flags);
  if (box && box.issues.length > 0) {
    const issues = [...box.issues, ...(read.outcome.ok ? [] : read.outcome.issues)];
    read.outcome = { ok: false, issues };
  }
  return { ...read, form: asked, box, text: read.outcome.ok || typeof text !== 'string' ? undefined : text };
}

/** The flags of the field `flag`, and those that are typed. `python_workers` is added if none selects or refuses Python. */
function flagsOf(form: Form, typed: readonly string[]): readonly unknown[] {
  const single = form.getAll('flag');
  const pasted = form.getAll('flags').flatMap((text) => splitFlags(String(text)));
  const given = new Set<unknown>([...single, ...pasted]);
  const added = typed.filter((flag) => !given.has(flag));
  if (added.length === 0) return single;
  const states = (flag: unknown) =>
    isPackageFlag(String(flag)) || /^(?:no_)?python_workers$/.test(String(flag));
  return [...single, ...([...given, ...added].some(states) ? [] : ['python_workers']), ...added];
}

/**
 * The fields of a form: what was typed in its box replaces what the other fields have, because it is newer. The first
 * date is that of the Worker, unless a wrangler file has that, and the second the one that it moves to. A move may begin
 * at a package set.
 */
function understood(form: Form, box: Box | null): Form {
  const dates = box?.dates.toSorted() ?? [];
  const [date, to] = box?.wrangler ? [undefined, ...dates] : dates;
  const [from] = form.getAll('date');
  const isSet =
    typeof from === 'string' && isPackageFlag(from) && form.getAll('to').some((side) => side !== '');
  const written = new Map<string, readonly unknown[]>([
    ...(isSet
      ? ([
          ['from', [from]],
          ['date', []],
        ] as const)
      : []),
    ...(box
      ? ([
          ['requirements', [box.requirements]],
          ['flag', flagsOf(form, box.flags)],
        ] as const)
      : []),
    ...(date === undefined ? [] : [['date', [date]] as const]),
    ...(to === undefined ? [] : [['to', [to]] as const]),
    ...(box && box.wrangler !== '' ? [['wrangler', [box.wrangler]] as const] : []),
  ]);
  return { getAll: (name) => [...(written.get(name) ?? form.getAll(name))] };
}
