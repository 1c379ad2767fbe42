/** The text of METADATA and WHEEL: header lines, then for METADATA a blank line and the description. */

/** Upstream's lines of Requires-Dist that change, without the field's name, with their replacements. */
export type Requirements = Readonly<Record<string, readonly string[]>>;

/** @throws if METADATA is not that of the patch's upstream */
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

/** Names the generator in WHEEL, and for a wheel without compiled files the tag of every platform. */
export function patchWheelFile(text: string, generator: string, tag: string | null): string {
  const lines = text.trimEnd().split(/\r?\n/);
  const kept = lines.filter(
    (line) => !/^Generator:/i.test(line) && !(tag && /^(Tag|Root-Is-Purelib):/i.test(line)),
  );
  const [first = 'Wheel-Version: 1.0', ...others] = kept;
  const pure = tag ? ['Root-Is-Purelib: true', `Tag: ${tag}`] : [];
  return `${[first, `Generator: ${generator}`, ...others, ...pure].join('\n')}\n`;
}
