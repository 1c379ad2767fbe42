/**
 * Asks for the versions of names that some set has, and for each once: of others the registry has no page, which
 * browsers report as an error while one is still typing.
 */
import type { CompareSource } from '../../../../resolver/time/compare.ts';

/** The longest that the registry’s search takes. */
const LONGEST_QUERY = 100;

type Pins = Awaited<ReturnType<CompareSource['readPins']>>;

export function withKnownNames<Source extends CompareSource>(source: Source): Source {
  const asked = new Map<string, Promise<Pins>>();
  const pinsOf = (name: string) => {
    const pins =
      asked.get(name) ??
      isKnown(name).then((known) => (known ? source.readPins([name]) : (new Map() satisfies Pins)));
    asked.set(name, pins);
    // A registry out of reach may be back.
    pins.catch(() => asked.delete(name));
    return pins;
  };
  return {
    ...source,
    async readPins(names: readonly string[]) {
      const found = await Promise.all(names.map(pinsOf));
      return new Map(found.flatMap((pins) => [...pins]));
    },
  };
}

/** Of canonical names; the search says the very name first. */
async function isKnown(name: string): Promise<boolean> {
  const query = new URLSearchParams({ query: name.slice(0, LONGEST_QUERY), limit: '1' });
  const response = await fetch(`/v1/packages?${query}`);
  // The caller that asks for the versions reports errors.
  if (!response.ok) return true;
  const { packages } = (await response.json()) as { packages: { name: string }[] };
  return packages[0]?.name === name;
}
