/** The commands and their options. The code of a command is imported when it runs, for a quick start. */
import { Argument, Command, CommanderError, Option } from 'commander';
import { SEE_HELP, wrongUsage } from '../../resolver/issues/usage.ts';
import { nearest } from '../../resolver/text/nearest.ts';
import { commandErrorOf, type FailureCode, misused } from '../common/failure.ts';
import { readPackageJson } from '../common/package-root.ts';
import { visible } from '../common/text.ts';
import { leaveOutRemarks, printAsidesAsJson, printIssues, printRemarks } from '../print/print.ts';
import { terminal } from '../print/progress.ts';
import { leaveOutColors } from '../print/table.ts';
import { addIndexOptions, addOptions, addSetOptions } from '../project/options.ts';
import { NAMES_COMMAND } from './completion/grammar.ts';
import { EXAMPLES, EXIT_CODES } from './examples.ts';

/** Runs one command line, without the name of the program, and returns the exit code. */
export async function runCommandLine(args: readonly string[]): Promise<0 | FailureCode> {
  if (asksForJson(args)) printAsidesAsJson();
  if (args.includes('--no-color')) leaveOutColors();
  try {
    await createProgram(asksForJson(args)).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has printed the error or the help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const failure = commandErrorOf(error);
    if (!failure) throw error;
    printIssues(failure.issues);
    printRemarks(failure.remarks);
    return failure.exitCode;
  }
}

/** Read before the command line is parsed, as parsing may fail. */
function asksForJson(args: readonly string[]): boolean {
  const at = args.findIndex((word) => word === '--format' || word.startsWith('--format='));
  if (at < 0) return args.includes('--json');
  return args[at] === '--format=json' || (args[at] === '--format' && args[at + 1] === 'json');
}

function createProgram(asJson: boolean): Command {
  const { version } = readPackageJson('package.json') as { version: string };
  const program = new Command('pinwheel')
    .description('Shows which Python, Pyodide and packages a Python Worker gets.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => {
        if (asJson)
          printIssues([
            wrongUsage({ problem: 'not_understood', detail: text.replace(/^error: /, '').trimEnd() }),
          ]);
        else write(text.split('\n').map(visible).join('\n'));
      },
      // What commander adds to an error is its fix.
      ...(asJson ? { writeErr: () => {} } : {}),
    })
    .configureHelp({
      styleTitle: (title) => `\x1b[1m${title}\x1b[22m`,
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(termOf)].join(' '),
      // Commander wraps no text that would have less than forty columns.
      minWidthToWrap: 20,
    })
    .showHelpAfterError(`  fix: ${SEE_HELP}`)
    .addHelpText('after', `${EXAMPLES.pinwheel}\n${EXIT_CODES}`);

  const resolve = program
    .command('resolve')
    .summary('pin requirements and their dependencies')
    .description('Pins requirements and their dependencies to the wheels of the package set.')
    .argument('[requirement...]', "PEP 508 requirements, such as httpx>=0.28 (default: the project's)")
    .action(async (requirements, options) => {
      const { resolveCommand } = await import('./resolve.ts');
      await resolveCommand(requirements, { requirements: [], ...questionOptions(options) });
    });
  addSourceOptions(resolve);
  addIndexOptions(resolve);
  addSetOptions(resolve);
  addQuestionOptions(resolve, ['table', 'json', 'pylock', 'requirements', 'pyodide-lock']);

  const lock = program
    .command('lock')
    .summary('pin the same versions for several Pythons')
    .description('Pins requirements for several Pythons at once, to the same versions wherever possible.')
    .argument('[requirement...]', "PEP 508 requirements, such as httpx>=0.28 (default: the project's)")
    .option(
      '--targets <targets>',
      'dates, flags or Pyodide versions, separated by commas, or host for the local CPython; repeatable',
      append,
    )
    .action(async (requirements, options) => {
      const { lockCommand } = await import('./lock.ts');
      await lockCommand(requirements, { requirements: [], ...questionOptions(options) });
    });
  addSourceOptions(lock);
  addIndexOptions(lock);
  addQuestionOptions(lock, ['table', 'json', 'pylock']);

  const target = program
    .command('target')
    .summary('show the runtime and the package set, and why')
    .description('Shows which runtime and which package set a date and flags select, and why.')
    .action(async (options) => {
      const { targetCommand } = await import('./target.ts');
      await targetCommand(questionOptions(options));
    });
  addOptions(target, 'pyodide');
  addQuestionOptions(target, ['table', 'json']);

  const packages = program
    .command('packages')
    .summary('list the packages of the package set')
    .description('Lists the packages of the package set that a date and flags select.')
    .argument('[query]', 'only the packages whose name contains this')
    .action(async (query, options) => {
      const { packagesCommand } = await import('./packages.ts');
      await packagesCommand(query, questionOptions(options));
    });
  addOptions(packages, 'pyodide');
  addQuestionOptions(packages, ['table', 'json']);

  const why = program
    .command('why')
    .summary('explain why a package is in the closure, or why not')
    .description(
      'Shows the shortest paths from the requirements to a package, or explains why it is not there.',
    )
    .argument('<package>', 'the name of the package')
    .argument('[requirement...]', "PEP 508 requirements (default: the project's)")
    .action(async (name, requirements, options) => {
      const { whyCommand } = await import('./why.ts');
      await whyCommand(name, requirements, { requirements: [], ...questionOptions(options) });
    });
  addSourceOptions(why);
  addIndexOptions(why);
  addSetOptions(why);
  addQuestionOptions(why, ['table', 'json']);

  const when = program
    .command('when')
    .summary('find the dates and package flags that satisfy a requirement')
    .description('Finds every compatibility date and every package flag that satisfies a requirement.')
    .argument('<requirement>', 'a PEP 508 requirement, such as polars>=1')
    .action(async (requirement, options) => {
      const { whenCommand } = await import('./when.ts');
      await whenCommand(requirement, questionOptions(options));
    });
  addIndexOptions(when);
  addQuestionOptions(when, ['table', 'json'], { dated: false });

  const diff = program
    .command('diff')
    .summary('show what another date or package flag changes')
    .description(
      'Shows what changes from one date or package flag to another, for requirements or for a project.',
    )
    .argument('[requirement...]', 'requirements to compare, or wrangler files and globs')
    .option('--from <date>', 'compatibility date or package flag (default: the date of the wrangler file)')
    .option('--to <date>', 'compatibility date or package flag (default: the day of --as-of)')
    .action(async (requirements, options) => {
      const { diffCommand } = await import('./diff.ts');
      await diffCommand(requirements, { requirements: [], config: [], ...questionOptions(options) });
    });
  addSourceOptions(diff);
  addIndexOptions(diff);
  addQuestionOptions(diff, ['table', 'json', 'github', 'sarif'], { dated: false, many: true });

  const check = program
    .command('check')
    .summary('check what projects import')
    .description('Checks the imports of projects against their runtime, package set and requirements.')
    .argument('[path...]', 'folders of projects, wrangler files, or globs (default: this folder)')
    .option('-r, --requirements <file>', "a requirements file, instead of the project's; repeatable", append)
    .action(async (paths, options) => {
      const { checkCommand } = await import('./check.ts');
      await checkCommand(paths, { requirements: [], config: [], ...questionOptions(options) });
    });
  addIndexOptions(check);
  addSetOptions(check);
  addQuestionOptions(check, ['table', 'json', 'github', 'sarif'], { many: true });

  const vendor = program
    .command('vendor')
    .summary('download and unpack packages for a Worker')
    .description(
      'Downloads requirements and their dependencies, verifies them and unpacks them into a folder.',
    )
    .argument('[requirement...]', "PEP 508 requirements, such as httpx>=0.28 (default: the project's)")
    .option('--to <folder>', "the folder for the packages (default: the project's python_modules)")
    .option('--force', 'replace that folder even if pinwheel did not create it')
    .option('--cache <folder>', "the folder for downloads (default: pinwheel in the user's cache)")
    .option('--jobs <number>', 'how many downloads run at once', '4')
    .option('--dry-run', 'show what would be downloaded, and change nothing')
    .action(async (requirements, options) => {
      const { vendorCommand } = await import('./vendor.ts');
      const given = questionOptions<{ jobs: string; format?: string }>(options);
      await vendorCommand(requirements, { requirements: [], ...given });
    });
  addSourceOptions(vendor);
  addIndexOptions(vendor);
  addSetOptions(vendor);
  addQuestionOptions(vendor, ['table', 'json']);

  program
    .command('init')
    .summary('create a project')
    .description('Creates a project that builds: a wrangler file, requirements and a main module.')
    .argument('[folder]', 'the folder of the new project', '.')
    .addOption(
      new Option('--template <name>', 'the kind of project')
        .choices(['plain', 'fastapi', 'd1'])
        .default('plain'),
    )
    .addHelpText('after', EXAMPLES.init)
    .action(async (folder, options) => {
      const { initCommand } = await import('./init.ts');
      await initCommand(folder, options);
    });

  const build = program
    .command('build')
    .summary('build a Worker that includes its own Python')
    .description('Builds a Worker that includes its Pyodide, its packages and a snapshot of its memory.')
    .argument('[folder]', 'the folder of the project', '.')
    .option('--to <folder>', "the folder for the Worker (default: the project's dist/worker)")
    .addOption(
      new Option(
        '--place <where>',
        'where to put the snapshot, the standard library and package files',
      ).choices(['bundle', 'assets', 'r2']),
    )
    .option('--bucket <name>', 'the bucket for --place r2')
    .option('--check', 'build nothing, and fail if that folder is not up to date')
    .addOption(new Option('--dev', 'for pinwheel dev').hideHelp())
    .action(async (folder, options) => {
      const { buildCommand } = await import('./build.ts');
      const given = questionOptions<{ snapshot: boolean; format?: string }>(options);
      await buildCommand(folder, { requirements: [], ...given });
    });
  addBuildOptions(build);
  addSourceOptions(build);
  addIndexOptions(build);
  addSetOptions(build);
  addQuestionOptions(build, ['table', 'json']);

  const dev = program
    .command('dev')
    .summary('run a project on workerd, and rebuild it on each edit')
    .description('Builds a project, serves it on workerd with wrangler, and rebuilds it on each edit.')
    .argument('[folder]', 'the folder of the project', '.')
    .option('--to <folder>', "the folder for the Worker (default: the project's .wrangler/pinwheel)")
    .option('--port <number>', 'the port to listen on (default: as wrangler dev)')
    .option('--ip <address>', 'the address to listen on (default: as wrangler dev)')
    .action(async (folder, options) => {
      const { devCommand } = await import('./build.ts');
      const given = questionOptions<{ snapshot: boolean; format?: string }>(options);
      await devCommand(folder, { requirements: [], ...given });
    });
  addBuildOptions(dev);
  addSourceOptions(dev);
  addIndexOptions(dev);
  addQuestionOptions(dev, []);

  program
    .command('log')
    .summary("verify a registry's log, or prove what is in it")
    .description(
      "Replays a registry's log from its documents and compares it with its signed head, or prints a proof that a revision is in the log (c2sp.org/tlog-proof) or that the log continues from it.",
    )
    .addArgument(new Argument('<action>', 'what to do').choices(['verify', 'proof', 'consistency']))
    .argument('[revision]', 'the revision; not for verify')
    .option('--registry <url>', 'the registry (default for verify: the bundled data)')
    .option('--key <key>', 'the key of the log (default: the first one seen)')
    .option('--max-age <days>', MAX_AGE)
    .addOption(new Option('--format <format>', 'how to print (default: table)').choices(['table', 'json']))
    .option('--json', 'the same as --format json')
    .addHelpText('after', EXAMPLES.log)
    .action(async (action, revision, options) => {
      const { logCommand } = await import('./log.ts');
      await logCommand(action, revision, questionOptions(options));
    });

  program
    .command('prove')
    .summary('prove an answer, offline')
    .description(
      'Recomputes the data of an answer from the revision that it names, and checks that this revision is in the log. Works offline, and does not cover the prose of an answer, nor its remarks, except yanks.',
    )
    .argument('<answer>', 'a file with the JSON output of resolve or target, or - for standard input')
    .option('--registry <url>', 'use the cached data of this registry, not the bundled data')
    .option('--proof <file>', 'a proof that the revision is in the log, from pinwheel log proof')
    .option('--key <key>', 'the key of the log, from /log/key of the registry')
    .addOption(new Option('--format <format>', 'how to print (default: table)').choices(['table', 'json']))
    .option('--json', 'the same as --format json')
    .addHelpText('after', EXAMPLES.prove)
    .action(async (file, options) => {
      const { proveCommand } = await import('./prove.ts');
      await proveCommand(file, questionOptions(options));
    });

  program
    .command('publish')
    .summary('publish a document to a registry')
    .description('Publishes a document to a registry, or lists everything that is wrong with it.')
    .argument('[file]', 'a JSON document: a package set, workerd facts, or the support window of a Python')
    .option('--registry <url>', 'the registry')
    .option('--dry-run', 'list errors and the answers that would change, and publish nothing')
    .option('--wheel <file>', 'a Pinwheel-built wheel that the set pins; repeatable', append)
    .option('--yank <name>', 'yank a package set, or one wheel with --sha256')
    .option('--sha256 <hash>', 'the SHA-256 of the wheel to yank')
    .option(
      '--from <date>',
      'the first date for which a yanked set is not the default (default: tomorrow, or the day of --announce)',
    )
    .option('--announce <date>', 'announce the document, to take effect on that day')
    .option('--withdraw <revision>', 'withdraw the announcement of that revision')
    .option('--correct', 'publish a correction, which may change answers for past dates')
    .option('--reason <text>', 'the reason for a yank, a correction or a withdrawal')
    .addOption(
      new Option('--format <format>', 'how to print the outcome (default: table)').choices(['table', 'json']),
    )
    .option('--json', 'the same as --format json')
    .addHelpText('after', EXAMPLES.publish)
    .action(async (file, { json, ...options }) => {
      const { publishCommand } = await import('./publish.ts');
      await publishCommand(file, {
        wheel: [],
        ...options,
        format: json ? 'json' : (options.format ?? 'table'),
      });
    });

  program
    .command('completion')
    .summary('print a completion script for a shell')
    .description('Prints the script that completes pinwheel commands in a shell.')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .action(async (shell) => {
      const { completionCommand } = await import('./completion.ts');
      completionCommand(shell, program);
    })
    .addHelpText('after', EXAMPLES.completion);

  program
    .command('help')
    .summary('print the help for a command')
    .description('Prints the help for a command, or for pinwheel itself.')
    .argument('[command]', 'the command')
    .action((name?: string) => {
      const commands = program.createHelp().visibleCommands(program);
      const command = name === undefined ? program : commands.find((one) => one.name() === name);
      if (command) return command.outputHelp();
      const near = nearest(
        name!,
        commands.map((one) => one.name()),
      );
      throw misused({ problem: 'unknown_command', command: name!, near });
    })
    .addHelpText('after', EXAMPLES.help);

  // For the scripts of completion.
  program.command(NAMES_COMMAND, { hidden: true }).action(async () => {
    const { namesCommand } = await import('./completion.ts');
    await namesCommand();
  });
  for (const command of [program, ...program.commands]) addCommonOptions(command);
  return program;
}

/** Options that every command has, and that also work without one. */
function addCommonOptions(command: Command): void {
  command
    .option('-q, --quiet', 'print only answers and errors')
    .option('--no-color', 'print without colours, as NO_COLOR=1 does')
    .on('option:quiet', leaveOutRemarks);
}

/** The options of a build. */
function addBuildOptions(command: Command): void {
  command
    .option('--force', 'replace that folder even if pinwheel did not create it')
    .option('--no-snapshot', 'start Python from scratch in each instance')
    .option('--cache <folder>', 'the folder for downloads and parts of builds');
}

/** The options for requirements that are not on the command line. */
function addSourceOptions(command: Command): void {
  command
    .option(
      '-r, --requirements <file>',
      'requirements.txt, pyproject.toml, pylock.toml, pyodide-lock.json or - (stdin); repeatable',
      append,
    )
    .option('-c, --constraints <file>', 'a file of version constraints; repeatable', append)
    .option('--extra <name>', 'an extra of pyproject.toml; repeatable', append)
    .option('--group <name>', 'a dependency group of pyproject.toml; repeatable', append);
}

const MAX_AGE = 'refuse a registry whose newest signature is older (default: a warning from 30 days on)';

/** The options of every question. Commands that are not about one date have no `--date`; `dev` prints no answer. */
function addQuestionOptions(command: Command, formats: string[], { dated = true, many = false } = {}): void {
  if (dated) addOptions(command, 'compatibility_date');
  const config = 'take date and flags from this wrangler file (.toml, .jsonc or .json)';
  addOptions(command, 'compatibility_flags');
  if (many) command.option('--config <file>', `${config}; repeatable`, append);
  else command.option('--config <file>', config, onlyConfig);
  command.option('--env <name>', 'the environment of the wrangler file (default: CLOUDFLARE_ENV)');
  addOptions(command, 'as_of', 'revision', 'experimental');
  if (formats.length > 0) {
    command
      .addOption(new Option('--format <format>', 'how to print the answer (default: table)').choices(formats))
      .option('--json', 'the same as --format json');
  }
  command
    .option('--registry <url>', 'ask this registry, not the bundled data')
    .option('--max-age <days>', MAX_AGE)
    .addHelpText('after', EXAMPLES[command.name() as keyof typeof EXAMPLES]);
}

/** `<package>`, `[requirement...]`. */
function termOf(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function append(value: string, values: string[] = []): string[] {
  return [...values, value];
}

function onlyConfig(value: string, before?: string): string {
  if (before === undefined) return value;
  throw misused({ problem: 'two_configs' });
}

function questionOptions<Given extends { format?: string; json?: boolean }>({
  format,
  json,
  ...rest
}: Given) {
  if (json && format !== undefined && format !== 'json') {
    throw misused({ problem: 'contradiction', options: ['--json', `--format ${format}`] });
  }
  const chosen = json ? 'json' : (format ?? 'table');
  if (chosen === 'json') printAsidesAsJson();
  return { flag: [], ...rest, format: chosen, listener: terminal };
}
