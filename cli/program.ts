/** The commands and their options. What a command does is imported when it is asked for, to start quickly. */
import { Argument, Command, CommanderError, Option } from 'commander';
import { CommandError, type FailureCode, misused } from './failure.ts';
import { printAsidesAsJson, printComplaints } from './output/print.ts';
import { visible } from './output/text.ts';
import { readPackageJson } from './package-root.ts';

const EXIT_CODES = `
Exit codes:
  0  done
  1  the question has no answer; standard error says why
  2  the command line is wrong
  3  the registry or a file could not be reached`;

const SEE_HELP = 'See pinwheel --help, or pinwheel COMMAND --help.';

const EXAMPLES = {
  pinwheel: `
Examples:
  pinwheel resolve fastapi --date 2025-11-02 --flag python_workers
  pinwheel target --config wrangler.toml
  pinwheel packages num --flag python_3.13_packages_2025_08_08
  pinwheel when 'polars>=1'
  pinwheel diff --config wrangler.toml --to 2026-11-01`,
  resolve: `
Examples:
  pinwheel resolve fastapi 'httpx>=0.28'           with the wrangler file of this folder
  pinwheel resolve -r requirements.txt --config wrangler.jsonc --env staging
  pinwheel resolve -r pyproject.toml --group test -c constraints.txt
  pinwheel resolve pandas --flag python_3.13_packages_2025_09_22 --format pylock > pylock.toml
  pinwheel resolve numpy --flag python_3.13_packages_2025_08_08 --format pyodide-lock > pyodide-lock.json
  pip freeze | pinwheel resolve -r - --date 2025-11-02 --flag python_workers --json`,
  target: `
Examples:
  pinwheel target                                  with the wrangler file of this folder
  pinwheel target --date 2026-11-01 --flag python_workers --flag no_python_workers_314
  pinwheel target --date 2025-11-02 --flag python_workers --as-of 2030-01-01`,
  vendor: `
Examples:
  pinwheel vendor fastapi 'httpx>=0.28'            with the wrangler file of this folder
  pinwheel vendor -r requirements.txt --config wrangler.jsonc --to src/python_modules
  pinwheel vendor numpy --flag python_3.13_packages_2025_09_22 --dry-run
  pinwheel vendor httpx --config wrangler.toml --registry https://registry.example --json`,
  check: `
Examples:
  pinwheel check                                   the project in this folder
  pinwheel check worker -r worker/requirements.txt --date 2026-11-01 --flag python_workers
  pinwheel check --format github                   annotations for GitHub Actions
The exit code is 1 where an error is found: an import that keeps the Worker from starting, or a requirement that
cannot be met.`,
  packages: `
Examples:
  pinwheel packages --config wrangler.toml
  pinwheel packages pydantic --date 2025-11-02 --flag python_workers
  pinwheel packages --flag python_3.14_packages_2026_09_14 --json`,
  why: `
Examples:
  pinwheel why sniffio fastapi httpx --date 2025-11-02 --flag python_workers
  pinwheel why ssl -r requirements.txt             with the wrangler file of this folder
The exit code is 0 where the package is in the closure, and 1 where it is not.`,
  when: `
Examples:
  pinwheel when 'polars>=1'
  pinwheel when 'numpy<2; python_version < "3.13"' --flag python_workers --flag no_python_workers_314
  pinwheel when langchain --as-of 2030-01-01 --json
The exit code is 1 where no date and no package flag satisfies the requirement.`,
  diff: `
Examples:
  pinwheel diff --from 2025-09-28 --to 2025-09-29
  pinwheel diff --from python_3.13_packages_2025_08_08 --to python_3.14_packages_2026_09_14
  pinwheel diff --config wrangler.toml --to 2026-11-01
  pinwheel diff --config wrangler.toml --to 2026-11-01 -r requirements.txt -c constraints.txt
With a wrangler file, all of its project is looked at: what it requires, what its files import, and the Python that it
asks for. The exit code is then 1 where the Worker is affected; with requirements alone, where their closure is.`,
  completion: `
Examples:
  source <(pinwheel completion bash)               in ~/.bashrc
  source <(pinwheel completion zsh)                in ~/.zshrc, after compinit
  pinwheel completion fish | source                in ~/.config/fish/config.fish`,
};

/** Runs one command line, without the name of the program, and returns the exit code. */
export async function runCommandLine(args: readonly string[]): Promise<0 | FailureCode> {
  if (asksForJson(args)) printAsidesAsJson();
  try {
    await createProgram(asksForJson(args)).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has said what is wrong, or shown the help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof CommandError)) throw error;
    printComplaints(error.complaints);
    return error.exitCode;
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
        if (asJson) printComplaints([{ message: text.replace(/^error: /, '').trimEnd(), fix: SEE_HELP }]);
        else write(text.split('\n').map(visible).join('\n'));
      },
      // What commander adds to an error is a fix there.
      ...(asJson ? { writeErr: () => {} } : {}),
    })
    .configureHelp({ styleTitle: (title) => `\x1b[1m${title}\x1b[22m` })
    .showHelpAfterError(`  fix: ${SEE_HELP}`)
    .addHelpText('after', `${EXAMPLES.pinwheel}\n${EXIT_CODES}`);

  const resolve = program
    .command('resolve')
    .summary('pin requirements and all they need')
    .description('Pins requirements, and everything they need, to the wheels of the package set.')
    .argument('[requirement...]', 'PEP 508 requirements, such as fastapi or httpx>=0.28')
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
    .argument('[requirement...]', 'PEP 508 requirements')
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
    .argument('[requirement...]', 'PEP 508 requirements whose closure is looked at')
    .option('--from <date>', 'compatibility date or package flag (default: the date of the wrangler file)')
    .option('--to <date>', 'compatibility date or package flag (default: the day of --as-of)')
    .action(async (requirements, options) => {
      const { diffCommand } = await import('./commands/diff.ts');
      await diffCommand(requirements, { requirements: [], ...questionOptions(options) });
    });
  addSourceOptions(diff);
  addQuestionOptions(diff, ['table', 'json'], { dated: false });

  const check = program
    .command('check')
    .summary('check what a project imports')
    .description('Checks the imports of a project against its runtime, its package set and its requirements.')
    .argument('[folder]', 'the folder of the project', '.')
    .option(
      '-r, --requirements <file>',
      'requirements, in the place of those of the project; repeatable',
      append,
    )
    .action(async (folder, options) => {
      const { checkCommand } = await import('./commands/check.ts');
      await checkCommand(folder, { requirements: [], ...questionOptions(options) });
    });
  addQuestionOptions(check, ['table', 'json', 'github']);

  const vendor = program
    .command('vendor')
    .summary('download and unpack packages for a Worker')
    .description('Downloads requirements and everything they need, verifies and unpacks them into a folder.')
    .argument('[requirement...]', 'PEP 508 requirements, such as fastapi or httpx>=0.28')
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
  return program;
}

/** Where requirements come from besides the command line. */
function addSourceOptions(command: Command): void {
  command
    .option(
      '-r, --requirements <file>',
      'requirements.txt, pyproject.toml, or - for standard input; repeatable',
      append,
    )
    .option('-c, --constraints <file>', 'a file of constraints, which narrow versions; repeatable', append)
    .option('--extra <name>', 'an extra of the pyproject.toml; repeatable', append)
    .option('--group <name>', 'a dependency group of the pyproject.toml; repeatable', append);
}

/** The options that every command has; those that are not about one date have no `--date`. */
function addQuestionOptions(command: Command, formats: string[], { dated = true } = {}): void {
  if (dated) command.option('--date <date>', 'compatibility date, YYYY-MM-DD');
  command
    .option('--flag <flag>', 'compatibility flag or package flag; repeatable', append)
    .option('--config <file>', 'take date and flags from this wrangler file (.toml, .jsonc or .json)')
    .option('--env <name>', 'the environment of the wrangler file')
    .option('--as-of <date>', 'the day on which the question is asked (default: today, UTC)')
    .option('--revision <number>', 'replay the registry as it stood at this revision')
    .option('--experimental', "stands for workerd's --experimental")
    .addOption(new Option('--format <format>', 'how to print the answer (default: table)').choices(formats))
    .option('--json', 'the same as --format json')
    .option('--registry <url>', 'ask this registry, not the data that pinwheel carries')
    .addHelpText('after', EXAMPLES[command.name() as keyof typeof EXAMPLES]);
}

function append(value: string, values: string[] = []): string[] {
  return [...values, value];
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
