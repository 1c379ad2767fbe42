/** What parses the options of a command; an option that it does not have ends the command with its usage. */
export function orUsage<Parsed>(usage: string, parse: () => Parsed): Parsed {
  try {
    return parse();
  } catch (error) {
    console.error(`pinwheel: ${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}
