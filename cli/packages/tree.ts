/** The paths in use in the folder that archives are unpacked into, with their packages. */
import { sameFileKey } from '../../resolver/archives/entry-path.ts';
import { ArchiveError } from './entry.ts';

interface Node {
  /** As first spelled. */
  path: string;
  /** The package whose file it is; null for a folder. */
  owner: string | null;
}

export class Tree {
  readonly #nodes = new Map<string, Node>();
  /** A cache of folders by exact path: most files are in the same folder as another. */
  readonly #folders = new Set<string>();

  /**
   * Assigns a path to a package's file, and returns the package that had it before, or null. Throws an {@link
   * ArchiveError} if a file system may treat two paths as one, or if a package uses a path twice.
   */
  claim(path: string, owner: string): string | null {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      if (!this.#enter(path.slice(0, at), path)) break;
    }
    const key = sameFileKey(path);
    const known = this.#nodes.get(key);
    this.#nodes.set(key, { path, owner });
    if (!known) return null;
    if (known.path !== path) throw sameFile(path, known.path);
    if (known.owner === null) throw new ArchiveError(`"${path}" is a file and a folder`);
    if (known.owner === owner) throw new ArchiveError(`"${path}" is in it twice`);
    return known.owner;
  }

  /** Whether the folder is new. */
  #enter(folder: string, path: string): boolean {
    if (this.#folders.has(folder)) return false;
    const key = sameFileKey(folder);
    const known = this.#nodes.get(key);
    if (known && known.path !== folder) throw sameFile(path, known.path);
    if (known) throw new ArchiveError(`"${folder}" is a file and a folder`);
    this.#nodes.set(key, { path: folder, owner: null });
    this.#folders.add(folder);
    return true;
  }
}

function sameFile(path: string, known: string): ArchiveError {
  return new ArchiveError(`"${path}" differs from "${known}" in ways that some file systems ignore`);
}
