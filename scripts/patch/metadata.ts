/** The text of METADATA and WHEEL: header lines, then for METADATA a blank line and the description. */

/** Each Requires-Dist line of upstream that changes, without its field's name, and what stands in its place. */
export type Requirements = Readonly<Record<string, readonly string[]>>;

/** @throws if METADATA is not the one that the patch was made for */
export function patchMetadata(text: string, version: string, requirements: Requirements): string {
  const end = text.search(/\r?\n\r?\n/);
  const head = (end < 0 ? text : text.slice(0, end)).split(/\r?\n/);
  const rest = end < 0 ? '' : text.slice(end);
  const changed = new Set<string>();
  const lines = head.flatMap((line) => {
    if (/^Version:/i.test(line)) return [`Version: ${version}`];
    const requirement = /^Requires-Dist:\s*(.*)$/i.exec(line)?.[1];
    const replacement = requirement === undefined ? undefined : requirements[requirement];
    if (replacement === undefined) return [line];
    changed.add(requirement!);
    return replacement.map((item) => `Requires-Dist: ${item}`);
  });
  const missing = Object.keys(requirements).find((requirement) => !changed.has(requirement));
  if (missing !== undefined) throw new Error(`upstream's METADATA has no "Requires-Dist: ${missing}"`);
  return lines.join('\n') + rest;
}

/** WHEEL names who packed the files, and for a wheel without compiled files that it fits every platform. */
export function patchWheelFile(text: string, generator: string, tag: string | null): string {
  const lines = text.trimEnd().split(/\r?\n/);
  const kept = lines.filter(
    (line) => !/^Generator:/i.test(line) && !(tag && /^(Tag|Root-Is-Purelib):/i.test(line)),
  );
  const [first = 'Wheel-Version: 1.0', ...others] = kept;
  const pure = tag ? ['Root-Is-Purelib: true', `Tag: ${tag}`] : [];
  return `${[first, `Generator: ${generator}`, ...others, ...pure].join('\n')}\n`;
}
