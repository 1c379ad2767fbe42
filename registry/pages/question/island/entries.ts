/** The files of what was dropped, pasted or chosen, with their paths. */

/** A file by its path below the folder, `/` between its parts. */
export interface Entry {
  path: string;
  file: File;
}

/** Folders without files of the project, which may be large. */
export const SKIPPED = /(?:^|\/)(\.[^/]+|node_modules|__pycache__|venv)\//;
export const MOST_FILES = 5_000;

export type Items = readonly (FileSystemEntry | File)[];

/** To be called while the event is handled: afterwards the browser clears the items. */
export function itemsOf({ items }: DataTransfer): Items {
  const files = [...items].filter(({ kind }) => kind === 'file');
  return files.flatMap((item) => item.webkitGetAsEntry() ?? item.getAsFile() ?? []);
}

/** The files that were chosen, or those among the items that were dropped or pasted. */
export const entriesOf = async (given: FileList | Items): Promise<Entry[]> =>
  given instanceof FileList ? chosenEntries(given) : droppedEntries(given);

function chosenEntries(files: FileList): Entry[] {
  // The first part of each path is the folder that was chosen.
  return Array.from(files, (file) => ({
    path: file.webkitRelativePath.split('/').slice(1).join('/') || file.name,
    file,
  }));
}

/** The files of dropped folders. A folder that is skipped has one entry, without a name. */
async function droppedEntries(items: Items): Promise<Entry[]> {
  const found: Entry[] = [];
  const [only] = items;
  if (items.length === 1 && only && isFolder(only)) await addFolder(only, '', found);
  else for (const item of items) await add(item, '', found);
  return found;
}

const isFolder = (item: FileSystemEntry | File): item is FileSystemDirectoryEntry =>
  'isDirectory' in item && item.isDirectory;

async function add(item: FileSystemEntry | File, folder: string, found: Entry[]): Promise<void> {
  const path = folder + item.name;
  if (item instanceof File) found.push({ path, file: item });
  else if (!isFolder(item)) {
    const file = await new Promise<File>((resolve, reject) =>
      (item as FileSystemFileEntry).file(resolve, reject),
    );
    found.push({ path, file });
  } else if (SKIPPED.test(`${path}/`)) found.push({ path: `${path}/`, file: new File([], '') });
  else await addFolder(item, `${path}/`, found);
}

async function addFolder(entry: FileSystemDirectoryEntry, folder: string, found: Entry[]): Promise<void> {
  const reader = entry.createReader();
  // One more says that there are too many. A reader returns a hundred at a time, and none at the end.
  while (found.length <= MOST_FILES) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return;
    for (const item of some) await add(item, folder, found);
  }
}
