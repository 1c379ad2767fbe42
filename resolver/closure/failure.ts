/** Why requirements cannot be met, as data. `explain.ts` turns it into prose. */
export type Failure =
  | {
      code: 'unknown_package';
      requirement: string;
      name: string;
      /** Packages of the set with nearly that name, nearest first. */
      near: string[];
      /** Packages of the set that bring a module of that name: of `bs4`, `beautifulsoup4`. */
      providers: string[];
    }
  | {
      code: 'version_conflict';
      requirement: string;
      name: string;
      pinned: string;
    }
  | {
      code: 'meaningless_marker';
      requirement: string;
      name: string;
      /** The part of the marker that compares what cannot be compared. */
      comparison: string;
    }
  | {
      code: 'missing_dependency';
      /** The name that the set does not hold. */
      name: string;
      /** From the requested package to the one that depends on it. */
      chain: string[];
    };
