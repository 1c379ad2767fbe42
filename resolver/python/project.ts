/** The result of scanning a Python file; a project of such files, and its host. */
import type { ClosureTotals, ResolvedPackage, Target } from '../answer.ts';
import type { PackageIndex } from './modules.ts';
import type { StandardLibraryView } from './standard-library.ts';
import type { StandardLibraryFacts } from './standard-library-document.ts';

/**
 * When an import runs: with the file (`always`); perhaps with the file (`conditional`: inside `if`, a loop, `match`, or
 * a `try` that continues without it); when a function is called (`lazy`); never, but for type checkers (`typing`).
 */
export type When = 'always' | 'conditional' | 'lazy' | 'typing';

/** A place in a file: both count from 1, columns in characters. */
export interface SourcePosition {
  line: number;
  column: number;
}

/** An import statement, or one of the modules of `import a, b`. */
export interface Import extends SourcePosition {
  /** Dotted; empty in `from . import a`. */
  module: string;
  /** The dots before it: 0 for an absolute import. */
  level: number;
  /** The names after `from … import`; null for `import` itself. */
  names: readonly string[] | null;
  when: When;
  /** Whether the file continues without the module: in a `try` whose handler does not raise again, or suppressed. */
  guarded: boolean;
}

/** A use of an attribute of an imported module, or its import by name. */
export interface Reference extends SourcePosition {
  /** Dotted, such as `threading.Thread`, whatever the file calls it; what `import *` takes ends with `*`. */
  name: string;
  /** Whether only type checkers ever see it. */
  typing: boolean;
}

/** A definition at the top of a file, or in a class there. */
export interface Definition extends SourcePosition {
  /** A method's name has its class: `Default.fetch`. `*` stands for all that `from module import *` imports. */
  name: string;
  is: 'function' | 'class' | 'value' | 'import';
  /**
   * The bases of a class, what makes a value, or what is imported: dotted, with the dots of relative imports. The parameters
   * of a function, those with a default last, and `*` if it takes any number.
   */
  of: readonly string[];
}

/** A call of a function of a watched module, or of a watched method of anything. */
export interface Call extends SourcePosition {
  /** Dotted, of a module: `random.choice`. Of a method, as the file writes it: `request.headers.get_all`. */
  name: string;
  isMethod: boolean;
  when: When;
  /** Whether an argument comes before those with names, and these. */
  hasFirst: boolean;
  keywords: readonly string[];
}

/** A use of an environment variable of Python, with a literal name. */
export interface EnvironmentUse extends SourcePosition {
  /** `*` if any variable may be set. */
  name: string;
  /** `os.environ["NAME"]` reads it, and fails without it; `os.getenv("NAME")` asks for it, and has no default. */
  is: 'read' | 'asked' | 'set';
  /** Whether it runs when a function is called, and not with the file. */
  lazy: boolean;
}

/** Lines of a branch of an `if` that run only where all of these markers hold: `python_full_version >= "3.11"`. */
export interface Branch {
  /** The first line and the last. */
  from: number;
  to: number;
  markers: readonly string[];
}

/** The imports of a file, and its uses of imported modules. */
export interface Scan {
  /** In the order of the file. */
  imports: readonly Import[];
  /** References to names below the watched modules, in the order of the file. */
  references: readonly Reference[];
  definitions: readonly Definition[];
  calls: readonly Call[];
  /** Without reads in an `if`, a loop or a `try`, which may depend on what is set. */
  environment: readonly EnvironmentUse[];
  branches: readonly Branch[];
  /** The position of the first syntax error that the tokens show; null if there is none. */
  broken: SourcePosition | null;
}

/** The scan of a file that cannot be read, or has nothing that is looked for. */
export const NOTHING: Scan = {
  imports: [],
  references: [],
  definitions: [],
  calls: [],
  environment: [],
  branches: [],
  broken: null,
};

/** A file of the project; `path` is relative to the folder that modules are imported from. */
export interface ScannedFile extends Scan {
  path: string;
  /** Why Python cannot read it, as the end of a sentence about it; null if it can. */
  problem: string | null;
}

/** A requirement of the project, by canonical name, and where it is written. */
export interface ListedRequirement extends SourcePosition {
  name: string;
  /** The file that lists it, as messages name it. */
  file: string;
}

/** A project: its files, requirements and settings. */
export interface Project {
  files: readonly ScannedFile[];
  /** The paths of everything that can be imported: the files, and extensions (`*.so`). */
  paths: readonly string[];
  /** The path of the main module; null if it is not known. */
  main: string | null;
  /** The name of the folder of the files, if it is known to be the one that modules are imported from. */
  root: string | null;
  /** Paths below the folder of what is vendored. */
  vendored: readonly string[];
  requirements: readonly ListedRequirement[];
  /** The file to add a requirement to, as messages name it. */
  requirementsFile: string;
  /** The folders of what is vendored, with the paths of files below each. */
  places: readonly { folder: string; files: readonly string[] }[];
  /** Whether the runtime provides the SDK's modules, they are vendored at deployment, or neither. */
  sdk: 'runtime' | 'vendored_later' | 'missing';
  /** The flags about Python, in the order of workerd's schema. */
  flags: readonly FlagState[];
}

/** A flag of workerd on a target. */
export interface FlagState {
  /** As workerd's schema calls it. */
  field: string;
  enable: string;
  disable: string | null;
  on: boolean;
}

/** The runtime, packages and standard library that a project runs on, as made by `createHost`. */
export interface Host {
  target: Target;
  packages: PackageIndex;
  /** The packages that the requirements need, by canonical name, and what asked for each. */
  closure: ReadonlyMap<string, Pick<ResolvedPackage, 'required_by' | 'requested'>>;
  sizes: ClosureTotals;
  /** The packages that requirements ask for in other versions than the set pins, and what those need, by canonical name. */
  unmet: ReadonlySet<string>;
  library: StandardLibraryView;
  facts: StandardLibraryFacts;
  /** The modules, by the first part of their name, whose uses a check looks at: for `scanPython`. */
  watched: ReadonlySet<string>;
}
