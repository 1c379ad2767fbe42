/** The METADATA of a wheel: name, version and requirements. */

export interface WheelMetadata {
  metadata_version: string | null;
  /** As it is written; null if there is none, as for the version. */
  name: string | null;
  version: string | null;
  requires_python: string | null;
  /** Each Requires-Dist, as it is written. */
  requires_dist: string[];
  provides_extra: string[];
}

/** Reads the headers before the first empty line. In linear time, whatever the text is. */
export function parseMetadata(text: string): WheelMetadata {
  const fields = new Map<string, string[]>();
  let last: string[] = [];
  for (const line of headerLines(text)) {
    if (/^[ \t]/.test(line)) {
      // A field goes on in lines that begin with white space.
      const at = last.length - 1;
      if (at >= 0) last[at] += ` ${line.trim()}`;
      continue;
    }
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const name = line.slice(0, colon).toLowerCase();
    last = fields.get(name) ?? [];
    fields.set(name, last);
    last.push(line.slice(colon + 1).trim());
  }
  const all = (name: string) => fields.get(name) ?? [];
  const first = (name: string) => all(name)[0] || null;
  return {
    metadata_version: first('metadata-version'),
    name: first('name'),
    version: first('version'),
    requires_python: first('requires-python'),
    requires_dist: all('requires-dist'),
    provides_extra: all('provides-extra'),
  };
}

function* headerLines(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end < 0 ? text.length : end).replace(/\r$/, '');
    if (line === '') return;
    yield line;
    start = end < 0 ? text.length : end + 1;
  }
}
