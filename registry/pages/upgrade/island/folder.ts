/** The files of a folder that was dropped on the page or chosen. */
import type { Entry } from './project.ts';

/** Large folders without files of the project. */
const SKIPPED = ['node_modules', '__pycache__'];

export function chosenEntries(files: FileList): Entry[] {
  // The first part of each path is the folder that was chosen.
  return [...files].map((file) => ({
    path: file.webkitRelativePath.split('/').slice(1).join('/') || file.name,
    file,
  }));
}

/** Call it while the event is handled: afterwards the browser clears the items. */
export async function droppedEntries({ items }: DataTransfer): Promise<Entry[]> {
  const dropped = [...items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const [only] = dropped;
  if (dropped.length === 1 && only!.isDirectory) return entriesIn(only as FileSystemDirectoryEntry, '');
  return (await Promise.all(dropped.map((one) => entriesOf(one, '')))).flat();
}

async function entriesOf(entry: FileSystemEntry, folder: string): Promise<Entry[]> {
  const path = folder + entry.name;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [{ path, file }];
  }
  if (entry.name.startsWith('.') || SKIPPED.includes(entry.name)) return [];
  return entriesIn(entry as FileSystemDirectoryEntry, `${path}/`);
}

async function entriesIn(entry: FileSystemDirectoryEntry, folder: string): Promise<Entry[]> {
  const reader = entry.createReader();
  const found: Entry[] = [];
  // A reader returns a hundred entries at a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return found;
    found.push(...(await Promise.all(some.map((one) => entriesOf(one, folder)))).flat());
  }
}
