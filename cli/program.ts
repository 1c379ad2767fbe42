/** The commands and their options. What a command does is imported when it is asked for, to start quickly. */
import { Argument, Command, CommanderError, Option } from 'commander';
import { wrongUsage } from '../resolver/issues/documents.ts';
import { didYouMean, nearest } from '../resolver/text/nearest.ts';
import { NAMES_COMMAND } from './completion/grammar.ts';
import { EXAMPLES, EXIT_CODES } from './examples.ts';
import { commandErrorOf, type FailureCode, misused } from './failure.ts';
import { leaveOutRemarks, printAsidesAsJson, printComplaints } from './output/print.ts';
import { leaveOutColors } from './output/screen.ts';
import { visible } from './output/text.ts';
import { readPackageJson } from './package-root.ts';

const SEE_HELP = 'See pinwheel --help, or pinwheel COMMAND --help.';

/** Runs one command line, without the name of the program, and returns the exit code. */
export async function runCommandLine(args: readonly string[]): Promise<0 | FailureCode> {
  if (asksForJson(args)) printAsidesAsJson();
  if (args.includes('--no-color')) leaveOutColors();
  try {
    await createProgram(asksForJson(args)).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has said what is wrong, or shown the help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const failure = commandErrorOf(error);
    if (!failure) throw error;
    printComplaints(failure.complaints);
    return failure.exitCode;
  }
}

/** Known before the command line is read, as it may be wrong. */
function asksForJson(args: readonly string[]): boolean {
  const at = args.findIndex((word) => word === '--format' || word.startsWith('--format='));
  if (at < 0) return args.includes('--json');
  return args[at] === '--format=json' || (args[at] === '--format' && args[at + 1] === 'json');
}

function createProgram(asJson: boolean): Command {
  const { version } = readPackageJson('package.json') as { version: string };
  const program = new Command('pinwheel')
    .description('Which Python, which Pyodide and which packages a Python Worker gets.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => {
        if (asJson)
          printComplaints([wrongUsage({ message: text.replace(/^error: /, '').trimEnd(), fix: SEE_HELP })]);
        else write(text.split('\n').map(visible).join('\n'));
      },
      // What commander adds to an error is a fix there.
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
    .summary('pin requirements and all they need')
    .description('Pins requirements, and everything they need, to the wheels of the package set.')
    .argument('[requirement...]', "PEP 508 requirements, such as httpx>=0.28 (default: the project's)")
    .action(async (requirements, options) => {
      const { resolveCommand } = await import('./commands/resolve.ts');
      await resolveCommand(requirements, { requirements: [], ...questionOptions(options) });
    });
  addSourceOptions(resolve);
  addQuestionOptions(resolve, ['table', 'json', 'pylock', 'requirements', 'pyodide-lock']);

  const target = program
    .command('target')
    .summary('show the runtime and the package set, and why')
    .description('Shows which runtime and which package set a date and flags select, and why.')
    .action(async (options) => {
      const { targetCommand } = await import('./commands/target.ts');
      await targetCommand(questionOptions(options));
    });
  addQuestionOptions(target, ['table', 'json']);

  const packages = program
    .command('packages')
    .summary('list the packages of the package set')
    .description('Lists the packages of the package set that a date and flags select.')
    .argument('[query]', 'only the packages whose name contains this')
    .action(async (query, options) => {
      const { packagesCommand } = await import('./commands/packages.ts');
      await packagesCommand(query, questionOptions(options));
    });
  addQuestionOptions(packages, ['table', 'json']);

  const why = program
    .command('why')
    .summary('say why a package is in the closure, or why not')
    .description('Shows the shortest ways by which requirements bring a package, or says why they do not.')
    .argument('<package>', 'the name of the package')
    .argument('[requirement...]', "PEP 508 requirements (default: the project's)")
    .action(async (name, requirements, options) => {
      const { whyCommand } = await import('./commands/why.ts');
      await whyCommand(name, requirements, { requirements: [], ...questionOptions(options) });
    });
  addSourceOptions(why);
  addQuestionOptions(why, ['table', 'json']);

  const when = program
    .command('when')
    .summary('find the dates and package flags that satisfy a requirement')
    .description('Finds every compatibility date and every package flag that satisfies a requirement.')
    .argument('<requirement>', 'a PEP 508 requirement, such as polars>=1')
    .action(async (requirement, options) => {
      const { whenCommand } = await import('./commands/when.ts');
      await whenCommand(requirement, questionOptions(options));
    });
  addQuestionOptions(when, ['table', 'json'], { dated: false });

  const diff = program
    .command('diff')
    .summary('show what another date or package flag changes')
    .description(
      'Shows what changes from one date or package flag to another, for requirements or for a project.',
    )
    .argument('[requirement...]', 'requirements whose closure is looked at, or wrangler files and globs')
    .option('--from <date>', 'compatibility date or package flag (default: the date of the wrangler file)')
    .option('--to <date>', 'compatibility date or package flag (default: the day of --as-of)')
    .action(async (requirements, options) => {
      const { diffCommand } = await import('./commands/diff.ts');
      await diffCommand(requirements, { requirements: [], config: [], ...questionOptions(options) });
    });
  addSourceOptions(diff);
  addQuestionOptions(diff, ['table', 'json', 'github', 'sarif'], { dated: false, many: true });

  const check = program
    .command('check')
    .summary('check what projects import')
    .description('Checks the imports of projects against their runtime, package set and requirements.')
    .argument('[path...]', 'folders of projects, wrangler files, or globs (default: this folder)')
    .option(
      '-r, --requirements <file>',
      'requirements, in the place of those of the project; repeatable',
      append,
    )
    .action(async (paths, options) => {
      const { checkCommand } = await import('./commands/check.ts');
      await checkCommand(paths, { requirements: [], config: [], ...questionOptions(options) });
    });
  addQuestionOptions(check, ['table', 'json', 'github', 'sarif'], { many: true });

  const vendor = program
    .command('vendor')
    .summary('download and unpack packages for a Worker')
    .description('Downloads requirements and everything they need, verifies and unpacks them into a folder.')
    .argument('[requirement...]', "PEP 508 requirements, such as httpx>=0.28 (default: the project's)")
    .option('--to <folder>', 'where the packages go', 'python_modules')
    .option('--force', 'replace that folder also where pinwheel did not make it')
    .option('--cache <folder>', 'where downloads are kept (default: pinwheel in the cache of the user)')
    .option('--jobs <number>', 'downloads at a time', '4')
    .option('--dry-run', 'say what would be downloaded, and change nothing')
    .action(async (requirements, options) => {
      const { vendorCommand } = await import('./commands/vendor.ts');
      const given = questionOptions<{ to: string; jobs: string; format?: string }>(options);
      await vendorCommand(requirements, { requirements: [], ...given });
    });
  addSourceOptions(vendor);
  addQuestionOptions(vendor, ['table', 'json']);

  program
    .command('completion')
    .summary('print a script that completes command lines')
    .description('Prints a script by which a shell completes command lines of pinwheel.')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .action(async (shell) => {
      const { completionCommand } = await import('./commands/completion.ts');
      completionCommand(shell, program);
    })
    .addHelpText('after', EXAMPLES.completion);

  program
    .command('help')
    .summary('print the help of a command')
    .description('Prints the help of a command, or of all.')
    .argument('[command]', 'the command')
    .action((name?: string) => {
      const commands = program.createHelp().visibleCommands(program);
      const command = name === undefined ? program : commands.find((one) => one.name() === name);
      if (command) return command.outputHelp();
      const near = didYouMean(
        nearest(
          name!,
          commands.map((one) => one.name()),
        ),
      );
      throw misused(`There is no command ${name}.`, near ?? SEE_HELP);
    })
    .addHelpText('after', EXAMPLES.help);

  // For the scripts of completion.
  program.command(NAMES_COMMAND, { hidden: true }).action(async () => {
    const { namesCommand } = await import('./commands/completion.ts');
    await namesCommand();
  });
  for (const command of [program, ...program.commands]) addCommonOptions(command);
  return program;
}

/** The options of every command, and of none. */
function addCommonOptions(command: Command): void {
  command
    .option('-q, --quiet', 'say nothing beside answers and errors')
    .option('--no-color', 'print without colours, as NO_COLOR=1 does')
    .on('option:quiet', leaveOutRemarks);
}

/** Where requirements come from besides the command line. */
function addSourceOptions(command: Command): void {
  command
    .option(
      '-r, --requirements <file>',
      'requirements.txt, pyproject.toml, pylock.toml, or - for standard input; repeatable',
      append,
    )
    .option('-c, --constraints <file>', 'a file of constraints, which narrow versions; repeatable', append)
    .option('--extra <name>', 'an extra of the pyproject.toml; repeatable', append)
    .option('--group <name>', 'a dependency group of the pyproject.toml; repeatable', append);
}

/** The options that every command has; those that are not about one date have no `--date`. */
function addQuestionOptions(command: Command, formats: string[], { dated = true, many = false } = {}): void {
  if (dated) command.option('--date <date>', 'compatibility date, YYYY-MM-DD');
  const config = 'take date and flags from this wrangler file (.toml, .jsonc or .json)';
  command.option('--flag <flag>', 'compatibility flag or package flag; repeatable', append);
  if (many) command.option('--config <file>', `${config}; repeatable`, append);
  else command.option('--config <file>', config, onlyConfig);
  command
    .option('--env <name>', 'its environment (default: CLOUDFLARE_ENV)')
    .option('--as-of <date>', 'the day on which the question is asked (default: today, UTC)')
    .option('--revision <number>', 'replay the registry as it stood at this revision')
    .option('--experimental', "stands for workerd's --experimental")
    .addOption(new Option('--format <format>', 'how to print the answer (default: table)').choices(formats))
    .option('--json', 'the same as --format json')
    .option('--registry <url>', 'ask this registry, not the data that pinwheel carries')
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
  throw misused('--config is given twice.', 'Give one: only check and diff take several Workers.');
}

function questionOptions<Given extends { format?: string; json?: boolean }>({
  format,
  json,
  ...rest
}: Given) {
  if (json && format !== undefined && format !== 'json') {
    throw misused(`--json and --format ${format} contradict each other.`, 'Leave out one of them.');
  }
  const chosen = json ? 'json' : (format ?? 'table');
  if (chosen === 'json') printAsidesAsJson();
  return { flag: [], ...rest, format: chosen };
}
