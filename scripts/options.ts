/** Parses the options of a command. `--help`, or an option that it does not have, ends the process with the usage. */
export function orUsage<Parsed>(usage: string, parse: () => Parsed): Parsed {
  if (process.argv.some((argument) => argument === '--help' || argument === '-h')) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parse();
  } catch (error) {
    console.error(`pinwheel: ${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}
