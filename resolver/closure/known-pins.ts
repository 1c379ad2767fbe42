import type { CatalogView } from '../compatibility/view.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { satisfies } from '../requirements/specifier.ts';
import { parseVersion, type Version } from '../requirements/version.ts';
import type { Pin } from './source.ts';

/** What the sets of a view pin of some packages. Each version is read, and each requirement held against it, once. */
export class KnownPins {
  readonly #view: CatalogView;
  readonly #pins: ReadonlyMap<string, readonly Pin[]>;
  readonly #versions = new Map<string, Version | string>();
  readonly #meeting = new Map<Requirement, ReadonlyMap<string, string>>();

  /** @param pins by canonical name, those of the newest set last */
  constructor(view: CatalogView, pins: ReadonlyMap<string, readonly Pin[]>) {
    this.#view = view;
    this.#pins = pins;
  }

  versionIn(name: string, flag: string): string | null {
    return this.#pins.get(name)?.find((pin) => pin.flag === flag)?.version ?? null;
  }

  /** The versions that are a requirement's, by the package flags of their sets, the newest last. */
  meeting(requirement: Requirement): ReadonlyMap<string, string> {
    const known = this.#meeting.get(requirement);
    if (known) return known;
    const { name, specifiers } = requirement;
    const found = new Map<string, string>();
    const judged = new Map<string, boolean>();
    for (const { flag, version } of this.#pins.get(name) ?? []) {
      if (!judged.has(version)) judged.set(version, satisfies(this.#read(version), specifiers));
      if (judged.get(version) && this.#view.sets.has(flag)) found.set(flag, version);
    }
    this.#meeting.set(requirement, found);
    return found;
  }

  /** The package flags of all sets that meet every one of these requirements, the oldest first. */
  setsMeeting(requirements: readonly Requirement[]): string[] {
    let flags = [...this.#view.sets.keys()];
    for (const one of requirements) {
      if (flags.length === 0) break;
      const meeting = this.meeting(one);
      flags = flags.filter((flag) => meeting.has(flag));
    }
    return flags;
  }

  #read(text: string): Version | string {
    const version = this.#versions.get(text) ?? parseVersion(text) ?? text;
    this.#versions.set(text, version);
    return version;
  }
}
