/** The commands, in the order of the help. The code of a command is imported when it runs, for a quick start. */

import type { Options } from './options.ts';
import * as OPTIONS from './options.ts';

type Run = (...given: never[]) => Promise<void> | void;

export interface CommandRow {
  summary: string;
  description: string;
  /** Written as in a usage, such as `[requirement...]`. */
  arguments?: Options;
  options?: Options;
  load(): Promise<Run>;
}

const REQUIREMENTS = {
  '[requirement...]': "PEP 508 requirements, such as httpx>=0.28 (default: the project's)",
};
const FOLDER = { '[folder]': { help: 'the folder of the project', otherwise: '.' } };
const { SOURCES, INDEX, OWN_SET, SET, BUILD, FORCE, PLACE, MAX_AGE, question, formats, registry } = OPTIONS;

/** The options of every question about a closure. */
const CLOSURE: Options = { ...SOURCES, ...INDEX, ...SET };

const SYNC: Options = {
  '--to <folder>': "the folder for the packages (default: the project's python_modules)",
  ...FORCE,
  '--cache <folder>': "the folder for downloads (default: pinwheel in the user's cache)",
  '--jobs <number>': { help: 'how many downloads run at once', otherwise: '4' },
  '--dry-run': 'show what would change, and change nothing',
  ...INDEX,
  ...SET,
  ...question(['table', 'json']),
};

const LOCKING: Options = { '--lock': 'also write pylock.toml, as pinwheel lock does', ...SYNC };

const TRY: Options = {
  '--har <file>': "send the requests of this HAR file (default: the project's requests.http)",
  '--timeout <seconds>': { help: 'how long an import or an answer may take', otherwise: '60' },
  '--snapshot': 'start from a snapshot, as the Worker that is deployed does',
  '--cache <folder>': 'the folder for downloads and parts of builds',
};

const CONFIRM: Options = {
  '--yes': 'ask nothing',
  '--dry-run': 'show what would change, and change nothing',
};

/** The commands by the headings of the help. */
export const COMMANDS: Readonly<Record<string, Readonly<Record<string, CommandRow>>>> = {
  'Questions:': {
    resolve: {
      summary: 'pin requirements and their dependencies',
      description: 'Pins requirements and their dependencies to the wheels of the package set.',
      arguments: REQUIREMENTS,
      options: {
        ...CLOSURE,
        ...question(['table', 'json', 'pylock', 'requirements', 'pyodide-lock']),
      },
      load: async () => (await import('./resolve.ts')).resolveCommand,
    },
    lock: {
      summary: 'write pylock.toml, for one Python or several',
      description:
        'Pins requirements for several Pythons at once, to the same versions wherever possible. Writes the pylock.toml of a project; requirements that are named are only printed.',
      arguments: REQUIREMENTS,
      options: {
        '--check': 'write nothing, and fail if the pylock.toml of the project is stale',
        '--targets <targets>':
          'dates, flags or Pyodide versions, separated by commas, or host for the local CPython; repeatable',
        ...CLOSURE,
        ...question(['table', 'json', 'pylock']),
      },
      load: async () => (await import('./lock.ts')).lockCommand,
    },
    target: {
      summary: 'show the runtime and the package set, and why',
      description: 'Shows which runtime and which package set a date and flags select, and why.',
      options: { ...SET, ...question(['table', 'json']) },
      load: async () => (await import('./target.ts')).targetCommand,
    },
    packages: {
      summary: 'list the packages of the package set',
      description: 'Lists the packages of the package set that a date and flags select.',
      arguments: { '[query]': 'only the packages whose name contains this, or that have this module' },
      options: { ...SET, ...question(['table', 'json']) },
      load: async () => (await import('./packages.ts')).packagesCommand,
    },
    why: {
      summary: 'explain why a package is in the closure, or why not',
      description:
        'Shows the shortest paths from the requirements to a package, or explains why it is not there.',
      arguments: {
        '<package>': 'the name of the package',
        '[requirement...]': "PEP 508 requirements (default: the project's)",
      },
      options: { ...CLOSURE, ...question(['table', 'json']) },
      load: async () => (await import('./why.ts')).whyCommand,
    },
    tree: {
      summary: 'show each package below what needs it',
      description: 'Shows requirements and their dependencies as a tree.',
      arguments: REQUIREMENTS,
      options: { ...CLOSURE, ...question(['table', 'json']) },
      load: async () => (await import('./tree.ts')).treeCommand,
    },
    outdated: {
      summary: 'list packages that a newer set or the index has newer',
      description:
        'Lists the packages of which a newer package set for the same ABI, or the index, has a newer version.',
      arguments: REQUIREMENTS,
      options: { ...CLOSURE, ...question(['table', 'json']) },
      load: async () => (await import('./outdated.ts')).outdatedCommand,
    },
    audit: {
      summary: 'find known vulnerabilities, and what clears them',
      description:
        'Finds the known vulnerabilities of requirements and their dependencies, and which date, package flag or index clears each.',
      arguments: {
        '[requirement...]':
          "PEP 508 requirements (default: the project's python_modules, or what it requires)",
      },
      options: {
        '--fail-on <severity>': {
          help: 'ignore less severe ones for the exit code',
          choices: ['low', 'medium', 'high', 'critical'],
        },
        '--strict': 'also exit with 1 for those that nothing clears',
        '--fix': 'change the package flag or other settings of the project, but no date',
        ...CLOSURE,
        ...question(['table', 'json', 'github', 'sarif', 'cyclonedx', 'openvex']),
      },
      load: async () => (await import('./audit.ts')).auditCommand,
    },
    'explain-lock': {
      summary: 'say what each entry of a pyodide-lock.json is for',
      description:
        'Says of each entry of a hand-made pyodide-lock.json whether the package set of its Pyodide has the same, something newer or nothing, and whether its wheel and its digest are right. Or moves the lock to another Pyodide.',
      arguments: { '<file>': 'the pyodide-lock.json' },
      options: {
        '--rebase <version>': 'write the lock for this Pyodide instead',
        '--download': 'also compare the digests of wheels that are not on this machine',
        '--pyodide <version>': SET['--pyodide <version>']!,
        ...INDEX,
        ...formats('', 'table', 'json'),
        ...registry(),
      },
      load: async () => (await import('./explain-lock.ts')).explainLockCommand,
    },
    evidence: {
      summary: 'show what was seen when a package ran',
      description:
        'Shows whether the modules that the package set names for a package were imported, where, and how they failed; and whether its smoke line passed.',
      arguments: { '<package>': 'the name of the package' },
      options: question(['table', 'json']),
      load: async () => (await import('./evidence.ts')).evidenceCommand,
    },
    when: {
      summary: 'find the dates and package flags that satisfy a requirement',
      description: 'Finds every compatibility date and every package flag that satisfies a requirement.',
      arguments: { '<requirement>': 'a PEP 508 requirement, such as polars>=1' },
      options: { ...INDEX, ...question(['table', 'json'], { dated: false }) },
      load: async () => (await import('./when.ts')).whenCommand,
    },
    diff: {
      summary: 'show what another date or package flag changes',
      description:
        'Shows what changes from one date or package flag to another, for requirements or for a project.',
      arguments: { '[requirement...]': 'requirements to compare, or wrangler files and globs' },
      options: {
        '--from <date>': 'compatibility date or package flag (default: the date of the wrangler file)',
        '--to <date>': 'compatibility date or package flag (default: the day of --as-of)',
        ...SOURCES,
        ...INDEX,
        ...question(['table', 'json', 'github', 'sarif'], { dated: false, many: true }),
      },
      load: async () => (await import('./diff.ts')).diffCommand,
    },
  },
  'Projects:': {
    check: {
      summary: 'check what projects import',
      description: 'Checks the imports of projects against their runtime, package set and requirements.',
      arguments: { '[path...]': 'folders of projects, wrangler files, or globs (default: this folder)' },
      options: {
        '--fix': 'add missing requirements and handlers, and move package flags to pyproject.toml',
        ...CLOSURE,
        ...question(['table', 'json', 'github', 'sarif'], { many: true }),
      },
      load: async () => (await import('./check.ts')).checkCommand,
    },
    sync: {
      summary: 'vendor what the project requires, if it changed',
      description: "Makes the project's python_modules what its requirements need, if it is not.",
      options: LOCKING,
      load: async () => (await import('./sync.ts')).syncCommand,
    },
    add: {
      summary: 'require a package, and sync',
      description:
        'Adds requirements to pyproject.toml or requirements.txt, if they can be satisfied, and syncs.',
      arguments: { '<requirement...>': 'PEP 508 requirements, such as httpx>=0.28' },
      options: LOCKING,
      load: async () => (await import('./sync.ts')).addCommand,
    },
    remove: {
      summary: 'no longer require a package, and sync',
      description: 'Removes requirements from pyproject.toml or requirements.txt, and syncs.',
      arguments: { '<name...>': 'the names of packages' },
      options: LOCKING,
      load: async () => (await import('./sync.ts')).removeCommand,
    },
    vendor: {
      summary: 'download and unpack packages for a Worker',
      description:
        'Downloads requirements and their dependencies, verifies them and unpacks them into a folder.',
      arguments: REQUIREMENTS,
      options: { ...SYNC, '--dry-run': 'show what would be downloaded, and change nothing', ...SOURCES },
      load: async () => (await import('./vendor.ts')).vendorCommand,
    },
    init: {
      summary: 'create a project',
      description: 'Creates a project that builds: a wrangler file, requirements and a main module.',
      arguments: { '[folder]': { help: 'the folder of the new project', otherwise: '.' } },
      options: {
        '--template <name>': {
          help: 'the kind of project',
          choices: ['plain', 'fastapi', 'd1'],
          otherwise: 'plain',
        },
      },
      load: async () => (await import('./init.ts')).initCommand,
    },
    adopt: {
      summary: 'make a Worker of a FastAPI, Flask or Django project',
      description:
        'Shows what makes a Python Worker of a web application, and asks before each change: a main module with the handler, a wrangler file, and requirements without packages that no Worker needs or can run, and with the versions of the package set.',
      arguments: FOLDER,
      options: {
        '--app <module:name>': 'the application, as servers name it, such as main:app',
        ...CONFIRM,
        ...formats('', 'table', 'json'),
      },
      load: async () => (await import('./adopt.ts')).adoptCommand,
    },
    build: {
      summary: 'build a Worker that includes its own Python',
      description: 'Builds a Worker that includes its Pyodide, its packages and a snapshot of its memory.',
      arguments: FOLDER,
      options: {
        '--to <folder>': "the folder for the Worker (default: the project's dist/worker)",
        ...PLACE,
        '--check': 'build nothing, and fail if that folder is not up to date',
        '--explain-size': 'name the ten largest parts, and the requirement that brought each',
        ...BUILD,
        ...CLOSURE,
        ...question(['table', 'json']),
      },
      load: async () => (await import('./build.ts')).buildCommand,
    },
    try: {
      summary: 'try a project on workerd, also on another date',
      description:
        'Checks and builds a project, imports its modules and sends it requests on workerd; with --to, on another date or package set, too, and compares the answers.',
      arguments: FOLDER,
      options: {
        '--to <date>': 'compare with this compatibility date or package flag',
        '--junit <file>': 'write the results into this file, in the format of JUnit',
        ...TRY,
        ...CLOSURE,
        ...question(['table', 'json']),
      },
      load: async () => (await import('./try.ts')).tryCommand,
    },
    upgrade: {
      summary: 'move a project to another date, once that was tried',
      description:
        'Changes the date of the wrangler file, the requirements that the package set of that date does not satisfy, and code that its flags end, if pinwheel try finds nothing that fails or changes.',
      arguments: FOLDER,
      options: {
        '--to <date>': 'the compatibility date to move to (default: today)',
        ...CONFIRM,
        '--no-try': 'change the files without trying the move',
        ...TRY,
        ...SOURCES,
        ...INDEX,
        ...OWN_SET,
        ...question(['table', 'json']),
      },
      load: async () => (await import('./upgrade.ts')).upgradeCommand,
    },
    dev: {
      summary: 'run a project on workerd, and rebuild it on each edit',
      description: 'Builds a project, serves it on workerd with wrangler, and rebuilds it on each edit.',
      arguments: FOLDER,
      options: {
        '--to <folder>': "the folder for the Worker (default: the project's .wrangler/pinwheel)",
        '--port <number>': 'the port to listen on (default: as wrangler dev)',
        '--ip <address>': 'the address to listen on (default: as wrangler dev)',
        ...BUILD,
        ...CLOSURE,
        ...question([]),
      },
      load: async () => (await import('./dev.ts')).devCommand,
    },
  },
  'For operators of registries:': {
    log: {
      summary: "verify a registry's log, or prove what is in it",
      description:
        "Replays a registry's log from its documents and compares it with its signed head, or prints a proof that a revision is in the log (c2sp.org/tlog-proof) or that the log continues from it.",
      arguments: {
        '<action>': { help: 'what to do', choices: ['verify', 'proof', 'consistency'] },
        '[revision]': 'the revision; not for verify',
      },
      options: {
        '--registry <url>': 'the registry (default for verify: the bundled data)',
        '--key <key>': 'the key of the log (default: the first one seen)',
        ...MAX_AGE,
        ...formats('', 'table', 'json'),
      },
      load: async () => (await import('./log.ts')).logCommand,
    },
    prove: {
      summary: 'prove an answer, offline',
      description:
        'Recomputes the data of an answer from the revision that it names, and checks that this revision is in the log. Needs no network, and does not cover the prose of an answer, nor its remarks, except yanks.',
      arguments: {
        '<answer>': 'a file with the JSON output of resolve or target, or - for standard input',
      },
      options: {
        '--registry <url>': 'use the cached data of this registry, not the bundled data',
        '--proof <file>': 'a proof that the revision is in the log, from pinwheel log proof',
        '--key <key>': 'the key of the log, from /log/key of the registry',
        ...formats('', 'table', 'json'),
      },
      load: async () => (await import('./prove.ts')).proveCommand,
    },
    publish: {
      summary: 'publish a document to a registry',
      description: 'Publishes a document to a registry, or lists everything that is wrong with it.',
      arguments: {
        '[file]':
          'a JSON document: a package set, workerd facts, the support window of a Python, or a pyodide-lock.json, of which a set is made',
      },
      options: {
        '--registry <url>': 'the registry',
        '--dry-run': 'list errors and the answers that would change, and publish nothing',
        '--wheel <file>': 'a wheel of your own that the set pins, to be sent with it; repeatable',
        '--as <flag>': 'the package flag of the set that is made of a lock',
        '--find-links <folder>': 'a folder with files of the lock, which are not downloaded then; repeatable',
        '--base-url <url>':
          'where the files are that the lock names by their paths (default: those of its Pyodide)',
        '--yank <name>': 'yank a package set, or one wheel with --sha256',
        '--sha256 <hash>': 'the SHA-256 of the wheel to yank',
        '--from <date>':
          'the first date for which a yanked set is not the default (default: tomorrow, or the day of --announce)',
        '--announce <date>': 'announce the document, to take effect on that day',
        '--withdraw <revision>': 'withdraw the announcement of that revision',
        '--correct': 'publish a correction, which may change answers for past dates',
        '--reason <text>': 'the reason for a yank, a correction or a withdrawal',
        ...formats(' the outcome', 'table', 'json'),
      },
      load: async () => (await import('./publish.ts')).publishCommand,
    },
  },
  'Others:': {
    doctor: {
      summary: 'say what this machine lacks, and what to do',
      description:
        'Tries what commands need: Node, wrangler, pip, the cache, the registry and write access to this project.',
      options: {
        ...formats('', 'table', 'json'),
        ...registry('try'),
      },
      load: async () => (await import('./doctor.ts')).doctorCommand,
    },
    completion: {
      summary: 'print a completion script for a shell',
      description: 'Prints the script that completes pinwheel commands in a shell.',
      arguments: { '<shell>': { help: 'the shell', choices: ['bash', 'zsh', 'fish'] } },
      load: async () => (await import('./completion.ts')).completionCommand,
    },
  },
};
